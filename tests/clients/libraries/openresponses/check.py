"""The HTTP checks of the OpenResponses specification, written from its public description.

Its own suite is in no package registry: these ask for the same things and check the same fields.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from checks import KEY, MODEL, TOWN_SCHEMA, URL, WEATHER_SCHEMA, NotApplicable, need, report
from jsonschema import validate

NUMBER, TEXT, OBJECT = {"type": "number"}, {"type": "string"}, {"type": "object"}
MAYBE: dict[str, Any] = {}
ITEM = {"type": "object", "required": ["type", "id", "status"]}
FIELDS: dict[str, Any] = {
    "id": TEXT, "object": {"const": "response"}, "created_at": {"type": "integer"},
    "completed_at": {"type": ["integer", "null"]},
    "status": {"enum": ["completed", "incomplete", "failed", "in_progress", "queued"]},
    "incomplete_details": MAYBE, "model": TEXT, "previous_response_id": {"type": ["string", "null"]},
    "instructions": MAYBE, "output": {"type": "array", "items": ITEM}, "error": MAYBE,
    "tools": {"type": "array"}, "tool_choice": MAYBE, "truncation": {"enum": ["auto", "disabled"]},
    "parallel_tool_calls": {"type": "boolean"}, "text": OBJECT, "top_p": NUMBER,
    "presence_penalty": NUMBER, "frequency_penalty": NUMBER, "top_logprobs": {"type": "integer"},
    "temperature": NUMBER, "reasoning": MAYBE, "usage": MAYBE, "max_output_tokens": MAYBE,
    "max_tool_calls": MAYBE, "store": {"type": "boolean"}, "background": {"type": "boolean"},
    "service_tier": TEXT, "metadata": MAYBE, "safety_identifier": MAYBE, "prompt_cache_key": MAYBE,
}  # fmt: skip
RESPONSE = {"type": "object", "properties": FIELDS, "required": list(FIELDS)}
TOOL = {
    "type": "function",
    "name": "weather",
    "description": "The weather.",
    "parameters": WEATHER_SCHEMA,
}
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA"
    "AABJRU5ErkJggg=="
)


def opened(body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    asked = json.dumps({"model": MODEL, "max_output_tokens": 80, **body}).encode()
    return urlopen(Request(f"{URL}/v1/responses", asked, headers), timeout=600)


def made(body: dict[str, Any]) -> dict[str, Any]:
    """Return a response whose every field was checked."""
    with opened(body) as told:
        response: dict[str, Any] = json.load(told)
    validate(response, RESPONSE)
    return response


def basic() -> None:
    response = made({"input": "Say hello."})
    need(response["output"][0]["content"][0]["text"], "no text")
    need(response["usage"]["total_tokens"] > 0, "no usage")


def streaming() -> None:
    with opened({"input": "Count from 1 to 5.", "stream": True}) as told:
        events = list(_events(told))
    kinds = [event["type"] for event in events]
    need(kinds[0] == "response.created", f"the first event is {kinds[0]}")
    need(kinds[-1] in ("response.completed", "response.incomplete"), f"the last event is {kinds[-1]}")
    need("response.output_text.delta" in kinds, "no deltas")
    need([event["sequence_number"] for event in events] == list(range(len(events))), "numbers are missing")
    for event in (events[0], events[-1]):
        validate(event["response"], RESPONSE)


def system_prompt() -> None:
    response = made({
        "input": [
            {"type": "message", "role": "system", "content": "You are a pirate."},
            {"type": "message", "role": "user", "content": "Say hello."},
        ]
    })  # fmt: skip
    need(response["output"], "no output")


def tool_calling() -> None:
    response = made({"input": "What is the weather in Paris?", "tools": [TOOL], "tool_choice": "required"})
    call = next(item for item in response["output"] if item["type"] == "function_call")
    need(call["name"] == "weather" and "town" in json.loads(call["arguments"]), f"{call}")


def tool_calling_by_itself() -> None:
    """Without a tool_choice, and streamed: the events of a call, from its item to its arguments."""
    with opened({"input": "What is the weather in Paris?", "tools": [TOOL], "stream": True}) as told:
        events = list(_events(told))
    need(events[-1]["type"] == "response.completed", f"the last event is {events[-1]['type']}")
    validate(events[-1]["response"], RESPONSE)
    for kind in ("response.output_item.added", "response.output_item.done"):
        items = [event["item"]["type"] for event in events if event["type"] == kind]
        need("function_call" in items, f"{kind} of {items}")
    kinds = {event["type"] for event in events}
    for kind in ("delta", "done"):
        need(f"response.function_call_arguments.{kind}" in kinds, f"no {kind} of the arguments")


def image_input() -> None:
    content = [{"type": "input_text", "text": "What is this?"}, {"type": "input_image", "image_url": PIXEL}]
    try:
        need(
            made({"input": [{"type": "message", "role": "user", "content": content}]})["output"], "no output"
        )
    except HTTPError as refused:
        need(refused.code == 400, f"status {refused.code}")
        raise NotApplicable("the default model reads no images; refused with 400") from refused


def multi_turn() -> None:
    turns = (("user", "My name is Ann."), ("assistant", "Hello Ann."), ("user", "What is my name?"))
    response = made({"input": [{"type": "message", "role": role, "content": text} for role, text in turns]})
    need(response["output"], "no output")


def structured() -> None:
    form = {"type": "json_schema", "name": "town", "schema": TOWN_SCHEMA, "strict": True}
    response = made({"input": "Paris has two million people.", "text": {"format": form}})
    validate(json.loads(response["output"][0]["content"][0]["text"]), TOWN_SCHEMA)


def _events(told: Any) -> Iterator[dict[str, Any]]:
    for line in told:
        if line.startswith(b"data: ") and line.strip() != b"data: [DONE]":
            yield json.loads(line.removeprefix(b"data: "))


report(**{
    "basic response": basic, "streaming": streaming, "system prompt": system_prompt,
    "tool calling": tool_calling, "tool calling, streamed": tool_calling_by_itself,
    "image input": image_input, "several turns": multi_turn, "structured output": structured,
})  # fmt: skip
