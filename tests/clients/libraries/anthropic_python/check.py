"""Anthropic's own SDK for Python."""

import json

from anthropic import Anthropic
from checks import (
    ABOUT_A_TOWN,
    ABOUT_THE_WEATHER,
    GREETING,
    KEY,
    MODEL,
    QUESTION,
    RAG,
    TOWN_SCHEMA,
    URL,
    WANTED,
    WEATHER,
    WEATHER_SCHEMA,
    absent,
    need,
    need_town,
    report,
)  # fmt: skip

client = Anthropic(base_url=URL, api_key=KEY, max_retries=0)
tool = {"name": "weather", "description": "The weather of a town.", "input_schema": WEATHER_SCHEMA}


def chat() -> None:
    said = client.messages.create(
        model=MODEL, max_tokens=40, messages=[{"role": "user", "content": GREETING}]
    )
    need(said.content[0].text, "no text")


def stream() -> None:
    asked = {"model": MODEL, "max_tokens": 40, "messages": [{"role": "user", "content": GREETING}]}
    with client.messages.stream(**asked) as told:
        pieces = list(told.text_stream)
    need(len(pieces) > 1, f"{len(pieces)} pieces")


def structured() -> None:
    said = client.messages.create(
        model=MODEL,
        max_tokens=200,
        messages=[{"role": "user", "content": ABOUT_A_TOWN}],
        output_config={"format": {"type": "json_schema", "schema": TOWN_SCHEMA}},
    )
    need_town(json.loads(said.content[0].text))


def tool_call() -> None:
    messages = [{"role": "user", "content": ABOUT_THE_WEATHER}]
    said = client.messages.create(
        model=MODEL, max_tokens=200, messages=messages, tools=[tool], tool_choice={"type": "any"}
    )
    call = next(block for block in said.content if block.type == "tool_use")
    need(isinstance(call.input["town"], str), f"{call.input}")
    messages += [
        {"role": "assistant", "content": said.content},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": call.id, "content": WEATHER}],
        },
    ]
    after = client.messages.create(
        model=MODEL, max_tokens=60, messages=messages, tools=[tool], tool_choice={"type": "none"}
    )
    need(after.content[0].text, "no text after the tool's answer")


def rag() -> None:
    said = client.messages.create(model=RAG, max_tokens=200, messages=[{"role": "user", "content": QUESTION}])
    need(WANTED in "".join(block.text for block in said.content), f"{said.content}")
    need(any(block.citations for block in said.content), "no citation")


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call,
    embeddings=absent("Anthropic's API has no embeddings"),
    file_search=absent("Anthropic's API has no vector stores"), rag=rag,
)  # fmt: skip
