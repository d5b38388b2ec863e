"""Rows to learn from, out of OpenAI's files for fine-tuning: one chat per line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.messages import Message, conversation_from_json
from lorewright.tuning.row import Row

_HINT = 'A row is {"messages": [{"role": "user", "content": ...}, {"role": "assistant", "content": ...}]}.'


def chat_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Yield a row for every turn of the assistant, unless its `weight` is 0; empty lines are skipped.

    Raises `InvalidExamples` naming the first line, counted from 1, that is not such a chat.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        messages = _messages(line, number)
        learned = [
            place
            for place, turn in enumerate(messages)
            if turn.get("role") == "assistant" and turn.get("weight", 1) != 0
        ]
        if not learned:
            raise InvalidExamples(f"Row {number} has no turn of the assistant to learn.", hint=_HINT)
        for place in learned:
            prompt, completion = _texts(messages[: place + 1], number)
            if not completion.strip():
                raise InvalidExamples(f"Row {number} has an empty turn of the assistant.", hint=_HINT)
            yield Row(prompt, completion)


def _messages(line: str, number: int) -> list[Mapping[str, Any]]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InvalidExamples(f"Row {number} is not JSON: {error}.", hint=_HINT) from error
    messages = row.get("messages") if isinstance(row, dict) else None
    if not isinstance(messages, list) or not all(isinstance(turn, dict) for turn in messages):
        raise InvalidExamples(f"Row {number} has no list of messages.", hint=_HINT)
    if row.get("tools") or any(turn.get("tool_calls") or turn.get("role") == "tool" for turn in messages):
        raise InvalidExamples(f"Row {number} calls tools.", hint="Only texts can be learned here.")
    return messages


def _texts(turns: list[Mapping[str, Any]], number: int) -> tuple[tuple[Message, ...], str]:
    """Return the turns before the last one, and the text of the last one."""
    try:
        *prompt, last = conversation_from_json(turns)
    except InvalidExamples as error:
        raise InvalidExamples(f"Row {number}: {error}", hint=error.hint) from error
    if not any(turn.role == "user" for turn in prompt):
        raise InvalidExamples(f"Row {number} has a turn of the assistant before any of the user.", hint=_HINT)
    return tuple(prompt), last.content
