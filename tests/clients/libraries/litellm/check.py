"""LiteLLM."""

import json

import litellm
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

at = {"api_base": f"{URL}/v1", "api_key": KEY, "num_retries": 0}
tool = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather of a town.", "parameters": WEATHER_SCHEMA},
}


def said_by(name: str, messages: list, **how: object):
    return litellm.completion(model=f"openai/{name}", messages=messages, max_tokens=200, **at, **how)


def asked(text: str) -> list:
    return [{"role": "user", "content": text}]


def chat() -> None:
    need(said_by(MODEL, asked(GREETING)).choices[0].message.content, "no text")


def stream() -> None:
    pieces = said_by(MODEL, asked(GREETING), stream=True)
    need(sum(bool(piece.choices[0].delta.content) for piece in pieces) > 1, "one piece only")


def structured() -> None:
    form = {
        "type": "json_schema",
        "json_schema": {"name": "town", "schema": TOWN_SCHEMA, "strict": True},
    }
    said = said_by(MODEL, asked(ABOUT_A_TOWN), response_format=form)
    need_town(json.loads(said.choices[0].message.content))


def tool_call() -> None:
    said = said_by(MODEL, asked(ABOUT_THE_WEATHER), tools=[tool], tool_choice="required").choices[0].message
    result = {"role": "tool", "tool_call_id": said.tool_calls[0].id, "content": WEATHER}
    after = said_by(MODEL, [*asked(ABOUT_THE_WEATHER), said.model_dump(), result])
    need(after.choices[0].message.content, "no text after the tool's answer")


def embeddings() -> None:
    made = litellm.embedding(model=f"openai/{EMBEDDING}", input=["one", "two"], **at)
    need(len(made.data) == 2, "no two vectors")


def file_search() -> None:
    found = litellm.vector_stores.search(
        vector_store_id=STORE, query=QUESTION, custom_llm_provider="openai", api_base=f"{URL}/v1", api_key=KEY
    )
    need(WANTED in json.dumps(found, default=str), "the text is not found")
    said = litellm.responses(
        model=f"openai/{MODEL}", input=QUESTION, api_base=f"{URL}/v1", api_key=KEY,
        tools=[{"type": "file_search", "vector_store_ids": [STORE]}],
    )  # fmt: skip
    need(WANTED in said.output_text, said.output_text)


def rag() -> None:
    said = said_by(RAG, asked(QUESTION)).choices[0].message.content
    need(WANTED in said, said)


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=file_search, rag=rag,
)  # fmt: skip
