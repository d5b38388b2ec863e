"""Pydantic AI."""

import asyncio

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
    URL,
    WANTED,
    WEATHER,
    WEATHER_SCHEMA,
    need,
    report,
)  # fmt: skip
from pydantic import BaseModel, Field
from pydantic_ai import Agent, Embedder, NativeOutput
from pydantic_ai.direct import model_request_sync
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.messages import ModelRequest, ToolReturnPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.native_tools import FileSearchTool
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition


class Town(BaseModel):
    name: str = Field(max_length=40)
    n_people: int


provider = OpenAIProvider(base_url=f"{URL}/v1", api_key=KEY)
model = OpenAIChatModel(MODEL, provider=provider)
short = {"max_tokens": 60}


def chat() -> None:
    need(Agent(model, model_settings=short).run_sync(GREETING).output, "no text")


def stream() -> None:
    async def pieces() -> list[str]:
        async with Agent(model, model_settings=short).run_stream(GREETING) as told:
            return [piece async for piece in told.stream_text(delta=True, debounce_by=None)]

    need(len(asyncio.run(pieces())) > 1, "one piece only")


def structured() -> None:
    town = Agent(model, output_type=NativeOutput(Town)).run_sync(ABOUT_A_TOWN).output
    need(isinstance(town, Town), f"{town}")
    town = Agent(model, output_type=Town).run_sync(ABOUT_A_TOWN).output
    need(isinstance(town, Town), f"{town}")


def tool_call() -> None:
    tool = ToolDefinition(
        name="weather", description="The weather of a town.", parameters_json_schema=WEATHER_SCHEMA
    )
    asked = [ModelRequest(parts=[UserPromptPart(ABOUT_THE_WEATHER)])]
    forced = ModelRequestParameters(function_tools=[tool], allow_text_output=False)
    said = model_request_sync(model, asked, model_request_parameters=forced)
    [call] = [part for part in said.parts if part.part_kind == "tool-call"]
    need(isinstance(call.args_as_dict()["town"], str), f"{call}")
    result = ModelRequest(parts=[ToolReturnPart("weather", WEATHER, call.tool_call_id)])
    after = model_request_sync(model, [*asked, said, result], model_settings=short)
    need(after.parts[0].content, "no text after the tool's answer")


def embeddings() -> None:
    embedder = Embedder(OpenAIEmbeddingModel(EMBEDDING, provider=provider))
    need(len(embedder.embed_documents_sync(["one", "two"]).embeddings) == 2, "no two vectors")


def file_search() -> None:
    from pydantic_ai.capabilities import NativeTool

    agent = Agent(
        OpenAIResponsesModel(MODEL, provider=provider),
        capabilities=[NativeTool(FileSearchTool(file_store_ids=[STORE]))],
    )
    said = agent.run_sync(QUESTION).output
    need(WANTED in said, said)


def rag() -> None:
    said = Agent(OpenAIChatModel(RAG, provider=provider)).run_sync(QUESTION).output
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=file_search, rag=rag,
)  # fmt: skip
