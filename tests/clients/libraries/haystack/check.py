"""Haystack."""

import json

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
    WEATHER_SCHEMA,
    need,
    need_town,
    report,
)  # fmt: skip
from haystack.components.embedders import OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator, OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack.utils import Secret

at = {"api_base_url": f"{URL}/v1", "api_key": Secret.from_token(KEY), "max_retries": 0}
tool = Tool(
    name="weather", description="The weather of a town.", parameters=WEATHER_SCHEMA,
    function=lambda town: WEATHER,  # noqa: ARG005 - its name is part of the schema
)  # fmt: skip


def said_by(name: str, text: str, **how: object) -> ChatMessage:
    generator = OpenAIChatGenerator(model=name, generation_kwargs={"max_tokens": 200}, **at)
    return generator.run([ChatMessage.from_user(text)], **how)["replies"][0]


def chat() -> None:
    need(said_by(MODEL, GREETING).text, "no text")


def stream() -> None:
    pieces = []
    said_by(MODEL, GREETING, streaming_callback=lambda piece: pieces.append(piece.content))
    need(sum(map(bool, pieces)) > 1, "one piece only")


def structured() -> None:
    form = {
        "type": "json_schema",
        "json_schema": {"name": "town", "schema": TOWN_SCHEMA, "strict": True},
    }
    said = said_by(MODEL, ABOUT_A_TOWN, generation_kwargs={"response_format": form})
    need_town(json.loads(said.text))


def tool_call() -> None:
    said = said_by(MODEL, ABOUT_THE_WEATHER, tools=[tool], generation_kwargs={"tool_choice": "required"})
    need(said.tool_calls and said.tool_calls[0].tool_name == "weather", f"{said}")
    call = said.tool_calls[0]
    answered = ChatMessage.from_tool(tool.invoke(**call.arguments), origin=call)
    generator = OpenAIChatGenerator(model=MODEL, generation_kwargs={"max_tokens": 60}, **at)
    after = generator.run([ChatMessage.from_user(ABOUT_THE_WEATHER), said, answered])["replies"][0]
    need(after.text, "no text after the tool's answer")


def embeddings() -> None:
    need(len(OpenAITextEmbedder(model=EMBEDDING, **at).run("one")["embedding"]) > 100, "no vector")


def file_search() -> None:
    searching = OpenAIResponsesChatGenerator(
        model=MODEL, tools=[{"type": "file_search", "vector_store_ids": [STORE]}], **at
    )
    said = searching.run([ChatMessage.from_user(QUESTION)])["replies"][0].text
    need(WANTED in said, said)


def rag() -> None:
    said = said_by(RAG, QUESTION).text
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=file_search, rag=rag,
)  # fmt: skip
