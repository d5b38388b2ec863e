"""LangChain and LangGraph."""

from checks import (
    ABOUT_A_TOWN,
    ABOUT_THE_WEATHER,
    EMBEDDING,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    STORE,
    TOWN_SCHEMA,
    URL,
    WANTED,
    WEATHER,
    need,
    need_town,
    report,
)  # fmt: skip
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode

at = {"base_url": f"{URL}/v1", "api_key": KEY, "max_retries": 0}
model = ChatOpenAI(model=MODEL, max_tokens=60, **at)


@tool
def weather(town: str) -> str:
    """The weather of a town."""
    return WEATHER


def chat() -> None:
    need(model.invoke(GREETING).content, "no text")
    need(OpenAI(model=MODEL, max_tokens=10, **at).invoke("The capital of France is"), "no completion")


def stream() -> None:
    need(sum(bool(piece.content) for piece in model.stream(GREETING)) > 1, "one piece only")


def structured() -> None:
    schema = {"title": "town", **TOWN_SCHEMA}
    for method in ("json_schema", "function_calling"):
        need_town(
            ChatOpenAI(model=MODEL, **at).with_structured_output(schema, method=method).invoke(ABOUT_A_TOWN)
        )


def tool_call() -> None:
    def call(state: MessagesState) -> dict:
        return {"messages": [model.bind_tools([weather], tool_choice="any").invoke(state["messages"])]}

    def answer(state: MessagesState) -> dict:
        return {"messages": [model.invoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    for name, node in (("call", call), ("tools", ToolNode([weather])), ("answer", answer)):
        graph.add_node(name, node)
    for start, end in ((START, "call"), ("call", "tools"), ("tools", "answer"), ("answer", END)):
        graph.add_edge(start, end)
    messages = graph.compile().invoke({"messages": [HumanMessage(ABOUT_THE_WEATHER)]})["messages"]
    need([one.type for one in messages] == ["human", "ai", "tool", "ai"], f"{messages}")
    need(messages[1].tool_calls[0]["name"] == "weather" and messages[-1].content, f"{messages}")


def embeddings() -> None:
    by_text = OpenAIEmbeddings(model=EMBEDDING, check_embedding_ctx_length=False, **at)
    need(len(by_text.embed_documents(["one", "two"])) == 2, "no two vectors")


def file_search() -> None:
    searching = ChatOpenAI(model=MODEL, use_responses_api=True, **at).bind_tools(
        [{"type": "file_search", "vector_store_ids": [STORE]}]
    )
    said = searching.invoke(QUESTION)
    need(WANTED in said.text, f"{said}")


def rag() -> None:
    said = ChatOpenAI(model=RAG, **at).invoke(QUESTION)
    need(WANTED in said.content, said.content)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=file_search, rag=rag,
)  # fmt: skip
