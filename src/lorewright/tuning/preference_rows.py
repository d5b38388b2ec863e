"""Preferences to learn, out of OpenAI's files for dpo: one prompt with two answers per line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.tuning.chat_rows import json_lines, messages_of, turns_of
from lorewright.tuning.row import Preference

_HINT = (
    'A row is {"input": {"messages": [...]}, "preferred_output": [{"role": "assistant", "content": ...}], '
    '"non_preferred_output": [...]}.'
)


def preference_rows(lines: Iterable[str]) -> Iterator[Preference]:
    """Yield a preference for every line; empty lines are skipped.

    Raises `InvalidExamples` naming the first line, counted from 1, that is none.
    """
    for number, row in json_lines(lines):
        source = row.get("input")
        if not isinstance(source, dict):
            raise InvalidExamples(f"Row {number} has no input.", hint=_HINT)
        prompt = messages_of(turns_of(source, number), number)
        if prompt[-1].role != "user":
            raise InvalidExamples(
                f"Row {number} has an input whose last message is not the user's.", hint=_HINT
            )
        preferred = _answer(row, "preferred_output", number)
        rejected = _answer(row, "non_preferred_output", number)
        if preferred == rejected:
            raise InvalidExamples(
                f"Row {number} has the same preferred and non-preferred answer.", hint=_HINT
            )
        yield Preference(prompt, preferred, rejected)


def _answer(row: Mapping[str, Any], key: str, number: int) -> str:
    """Return the one text that a row holds under `key`."""
    answer = messages_of(turns_of(row, number, key), number)
    if len(answer) != 1 or answer[0].role != "assistant" or not answer[0].content.strip():
        raise InvalidExamples(f"Row {number} needs exactly one assistant message as {key}.", hint=_HINT)
    return answer[0].content
