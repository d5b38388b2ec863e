"""What a driver can learn from runs: each of its steps, with the conversation as it saw it then."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from pydantic_ai.messages import ModelMessagesTypeAdapter, ModelResponse, ToolCallPart

from lorewright.agents.choosing import MOST_SHOWN
from lorewright.agents.context import Turn
from lorewright.agents.engine_model import turns_of
from lorewright.agents.journal import Entry, of_agent
from lorewright.models.tool_calling import ToolChoice, head_of, with_tools, without_calls

HELD_OUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step: the turns before it, the tools that were shown, and the call or the text that followed.

    `name` is '' where the driver answered with a text.
    """

    turns: tuple[Turn, ...]
    tools: tuple[Mapping[str, Any], ...]
    name: str = ""
    arguments: str = ""
    text: str = ""


def lessons_of(entries: Sequence[Entry]) -> list[Lesson]:
    """Return the steps of a run's first agent that went well: calls that succeeded, and its last text.

    Of several calls in one answer each is a step of its own, for small models make one at a time.
    """
    own = of_agent(entries, "")
    given = {entry["call"]: entry for entry in own if entry["kind"] == "call"}
    called = {str(entry["tool"]) for entry in given.values()}
    found: list[Lesson] = []
    messages: list[Any] = []
    shown: Sequence[Mapping[str, Any]] = ()
    for entry in (one for one in own if one["kind"] == "answer"):
        messages += ModelMessagesTypeAdapter.validate_python(entry["messages"])
        shown = entry.get("tools", shown)  # written down where they are others than before
        response = messages[-1]
        if not isinstance(response, ModelResponse):
            continue
        before, tools = turns_of(messages[:-1]), _few(shown, called)
        calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
        found += _calls(before, tools, calls, given)
        if not calls and response.text:
            found = [lesson for lesson in found if lesson.name]  # an earlier text was asked about
            found.append(Lesson(tuple(before), tools, text=response.text))
    return found


def _few(tools: Sequence[Mapping[str, Any]], called: set[str]) -> tuple[Mapping[str, Any], ...]:
    """Return as many tools as a model is shown at once, those that the run called among them.

    Fixed steps choose among all, which would fill the prompt of a small model.
    """
    ranked = sorted(tools, key=lambda tool: tool["function"]["name"] not in called)[:MOST_SHOWN]
    return tuple(tool for tool in tools if tool in ranked)


def _calls(
    before: list[Turn],
    tools: tuple[Mapping[str, Any], ...],
    calls: Sequence[ToolCallPart],
    given: Mapping[str, Entry],
) -> Iterator[Lesson]:
    """Yield the calls of one answer that succeeded, each after those before it."""
    turns = list(before)
    for part in calls:
        entry = given.get(part.tool_call_id)
        if entry is None or entry.get("error"):
            continue
        with suppress(ValueError):
            arguments = json.dumps(json.loads(part.args_as_json_str()), ensure_ascii=False)
            yield Lesson(tuple(turns), tools, part.tool_name, arguments)
            function = {"name": part.tool_name, "arguments": arguments}
            call = {"id": part.tool_call_id, "type": "function", "function": function}
            result = {"role": "tool", "tool_call_id": part.tool_call_id, "content": str(entry["output"])}
            turns += [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {**result, "name": part.tool_name},
            ]


def as_chat(lesson: Lesson) -> dict[str, Any]:
    """Return a step as a chat to learn from: tools and calls written as models without them see them."""
    plain = without_calls(lesson.turns)
    prompt = with_tools(plain, ToolChoice(lesson.tools, "auto" if lesson.tools else "none", 1))
    said = f"{head_of(lesson.name)}{lesson.arguments}}}" if lesson.name else lesson.text
    read = [{**turn, "weight": 0} if turn["role"] == "assistant" else turn for turn in prompt]
    return {"messages": [*read, {"role": "assistant", "content": said}]}


def held_out(tasks: Sequence[str]) -> set[str]:
    """Return the tasks to measure on: a fifth by their words alone, and one at least where there are two."""
    places = {task: int.from_bytes(blake2b(task.encode(), digest_size=6).digest()) / 2**48 for task in tasks}
    chosen = {task for task, place in places.items() if place < HELD_OUT_SHARE}
    if len(places) > 1 and not chosen:
        chosen = {min(places, key=places.__getitem__)}
    return chosen if len(chosen) < len(places) else set()
