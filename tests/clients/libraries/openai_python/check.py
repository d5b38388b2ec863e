"""OpenAI's own SDK for Python."""

import io
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
from openai import OpenAI

client = OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
tool = {
    "type": "function",
    "function": {"name": "weather", "description": "The weather of a town.", "parameters": WEATHER_SCHEMA},
}


def chat() -> None:
    said = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": GREETING}], max_tokens=40
    )
    need(said.choices[0].message.content, "no text")


def stream() -> None:
    pieces = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": GREETING}], max_tokens=40, stream=True
    )
    texts = [piece.choices[0].delta.content for piece in pieces if piece.choices]
    need(sum(bool(text) for text in texts) > 1, f"{len(texts)} pieces")


def structured() -> None:
    form = {"name": "town", "schema": TOWN_SCHEMA, "strict": True}
    said = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": ABOUT_A_TOWN}],
        response_format={"type": "json_schema", "json_schema": form},
    )
    need_town(json.loads(said.choices[0].message.content))


def tool_call() -> None:
    messages = [{"role": "user", "content": ABOUT_THE_WEATHER}]
    said = client.chat.completions.create(
        model=MODEL, messages=messages, tools=[tool], tool_choice="required"
    )
    [call] = said.choices[0].message.tool_calls
    need(isinstance(json.loads(call.function.arguments)["town"], str), call.function.arguments)
    messages += [
        said.choices[0].message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": WEATHER},
    ]
    after = client.chat.completions.create(
        model=MODEL, messages=messages, tools=[tool], tool_choice="none", max_tokens=60
    )
    need(after.choices[0].message.content, "no text after the tool's answer")


def embeddings() -> None:
    made = client.embeddings.create(model=EMBEDDING, input=["one", "two"])
    need(len(made.data) == 2 and len(made.data[0].embedding) > 100, "no two vectors")
    need(len(client.embeddings.create(model="text-embedding-3-small", input="one").data) == 1, "no alias")


def file_search() -> None:
    file = client.files.create(
        file=("lunch.md", io.BytesIO(b"# Lunch\n\nLunch costs 6 euros.\n")), purpose="assistants"
    )
    store = client.vector_stores.create(name="clients")
    kept = client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id, poll_interval_ms=500)
    need(kept.status == "completed", f"the file is {kept.status}: {kept.last_error}")
    found = client.vector_stores.search(store.id, query="What does lunch cost?").data[0]
    need("6 euros" in found.content[0].text, "the text is not found")
    said = client.responses.create(
        model=MODEL, input=QUESTION, tools=[{"type": "file_search", "vector_store_ids": [STORE]}]
    )
    need(WANTED in said.output_text, said.output_text)


def rag() -> None:
    said = client.chat.completions.create(model=RAG, messages=[{"role": "user", "content": QUESTION}])
    need(WANTED in said.choices[0].message.content, said.choices[0].message.content)
    need(said.choices[0].message.annotations, "no citation")


report(
    chat=chat, stream=stream, structured=structured, tool=tool_call, embeddings=embeddings,
    file_search=file_search, rag=rag,
)  # fmt: skip
