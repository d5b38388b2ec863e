"""LlamaIndex, through its class for servers that speak OpenAI's API."""

from checks import (
    ABOUT_A_TOWN,
    ABOUT_THE_WEATHER,
    EMBEDDING,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    URL,
    WANTED,
    WEATHER,
    absent,
    need,
    report,
)  # fmt: skip
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel, Field


class Town(BaseModel):
    name: str = Field(max_length=40)
    n_people: int


def llm(name: str) -> OpenAILike:
    return OpenAILike(
        model=name, api_base=f"{URL}/v1", api_key=KEY, is_chat_model=True, is_function_calling_model=True,
        max_tokens=200, max_retries=0,
    )  # fmt: skip


def weather(town: str) -> str:
    """The weather of a town."""
    return WEATHER


def chat() -> None:
    need(llm(MODEL).chat([ChatMessage(role="user", content=GREETING)]).message.content, "no text")


def stream() -> None:
    pieces = llm(MODEL).stream_chat([ChatMessage(role="user", content=GREETING)])
    need(len([piece for piece in pieces if piece.delta]) > 1, "one piece only")


def structured() -> None:
    town = llm(MODEL).as_structured_llm(Town).complete(ABOUT_A_TOWN).raw
    need(isinstance(town, Town), f"{town}")


def tool_call() -> None:
    tool, asked = FunctionTool.from_defaults(weather), [ChatMessage(role="user", content=ABOUT_THE_WEATHER)]
    said = llm(MODEL).chat_with_tools([tool], chat_history=asked, tool_required=True)
    [call] = llm(MODEL).get_tool_calls_from_response(said)
    result = ChatMessage(
        role="tool", content=str(tool(**call.tool_kwargs)), additional_kwargs={"tool_call_id": call.tool_id}
    )
    need(llm(MODEL).chat([*asked, said.message, result]).message.content, "no text after the tool's answer")


def embeddings() -> None:
    embedder = OpenAILikeEmbedding(model_name=EMBEDDING, api_base=f"{URL}/v1", api_key=KEY, max_retries=0)
    need(len(embedder.get_text_embedding_batch(["one", "two"])) == 2, "no two vectors")


def rag() -> None:
    said = llm(RAG).chat([ChatMessage(role="user", content=QUESTION)]).message.content
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=absent("OpenAILike speaks chat completions alone"), rag=rag,
)  # fmt: skip
