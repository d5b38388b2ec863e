"""Rows to learn from, out of OpenAI's files for fine-tuning: one chat per line."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.json_text import read_json
from lorewright.messages import Message, conversation_from_json
from lorewright.tuning.row import Row

Turn = Mapping[str, Any]

_HINT = 'A row is {"messages": [{"role": "user", "content": ...}, {"role": "assistant", "content": ...}]}.'
_USED = frozenset({"role", "content", "weight"})
_CALLS = ("tools", "functions", "tool_calls", "function_call")


def chat_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Yield a row for every turn of the assistant, unless its `weight` is 0; empty lines are skipped.

    Raises `InvalidExamples` naming the first line, counted from 1, that is not such a chat.
    """
    for number, row in json_lines(lines):
        turns = turns_of(row, number)
        learned = [place for place, turn in enumerate(turns) if _is_learned(turn, number)]
        if not learned:
            raise InvalidExamples(f"Row {number} has no assistant message to learn.", hint=_HINT)
        for place in learned:
            *prompt, last = messages_of(turns[: place + 1], number)
            if not last.content.strip():
                raise InvalidExamples(f"Row {number} has an empty assistant message.", hint=_HINT)
            if not any(turn.role == "user" for turn in prompt):
                raise InvalidExamples(
                    f"Row {number} has an assistant message before any user message.", hint=_HINT
                )
            yield Row(tuple(prompt), last.content)


def left_out(lines: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for everything in the file that nothing is learned from."""
    n_only_read, n_last, unused = 0, 0, Counter[str]()
    for number, row in json_lines(lines):
        turns = turns_of(row, number)
        unused.update(key for key in row if key != "messages")
        unused.update(f"messages.{key}" for turn in turns for key in turn if key not in _USED)
        n_only_read += sum(turn.get("role") == "assistant" and turn.get("weight") == 0 for turn in turns)
        n_last += turns[-1].get("role") != "assistant"
    if n_only_read:
        yield f"Assistant messages with weight 0 (read but not learned): {n_only_read}."
    if n_last:
        yield f"Rows whose last message is not the assistant's (that message is not used): {n_last}."
    for key, n_times in sorted(unused.items()):
        yield f"Not used: {key} (x{n_times})."


def json_lines(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the number of every line that is not empty, counted from 1, and the JSON object in it."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = read_json(line)
        except json.JSONDecodeError as error:
            raise InvalidExamples(f"Row {number} is not valid JSON: {error}.", hint=_HINT) from error
        if not isinstance(row, dict):
            raise InvalidExamples(f"Row {number} is not a JSON object.", hint=_HINT)
        yield number, row


def turns_of(row: Mapping[str, Any], number: int, key: str = "messages") -> list[Turn]:
    """Return the turns that a row holds under `key`; raise `InvalidExamples` for none, or calls of tools."""
    turns = row.get(key)
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, dict) for turn in turns):
        raise InvalidExamples(f"Row {number} has no list of {key}.", hint=_HINT)
    calls = any(part.get(name) for part in (row, *turns) for name in _CALLS)
    if calls or any(turn.get("role") in ("tool", "function") for turn in turns):
        raise InvalidExamples(f"Row {number} calls tools.", hint="Only text can be learned here.")
    return turns


def messages_of(turns: Iterable[Turn], number: int) -> tuple[Message, ...]:
    """Return turns as messages; raise `InvalidExamples` naming the row for what is no text."""
    try:
        return conversation_from_json([_plain(turn) for turn in turns])
    except InvalidExamples as error:
        raise InvalidExamples(f"Row {number}: {error}", hint=error.hint) from error


def _is_learned(turn: Turn, number: int) -> bool:
    weight = turn.get("weight")
    if weight not in (None, 0, 1):
        raise InvalidExamples(f"Row {number} has weight {weight!r}.", hint="A weight must be 0 or 1.")
    return turn.get("role") == "assistant" and weight != 0


def _plain(turn: Turn) -> Turn:
    """Return a turn with one text as its content, and with the role that our models know."""
    content = turn.get("content")
    if isinstance(content, list) and all(
        isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
        for part in content
    ):
        content = "".join(part["text"] for part in content)
    role = "system" if turn.get("role") == "developer" else turn.get("role")
    return {"role": role, "content": content}
