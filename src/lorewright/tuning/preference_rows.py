"""Preferences to learn, out of OpenAI's files for dpo or TRL's: one prompt with two answers per line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.tuning.chat_rows import json_lines, messages_of, turns_of
from lorewright.tuning.row import Preference

_HINT = (
    'A row is {"input": {"messages": [...]}, "preferred_output": [{"role": "assistant", "content": ...}], '
    '"non_preferred_output": [...]}, or {"prompt": ..., "chosen": ..., "rejected": ...}.'
)


def preference_rows(lines: Iterable[str]) -> Iterator[Preference]:
    """Yield a preference for every line; empty lines are skipped.

    Raises `InvalidExamples` naming the first line, counted from 1, that is none.
    """
    for number, row in json_lines(lines):
        if "label" in row:
            raise InvalidExamples(
                f"Row {number} has one answer with a label.",
                hint='Learn from labels with the method "kto"; this method needs pairs of answers.',
            )
        yield preference_in(row, number)


def preference_in(row: Mapping[str, Any], number: int, *, hint: str = _HINT) -> Preference:
    """Return the preference in a row; raise `InvalidExamples` naming the row where it holds none."""
    if "input" not in row and "chosen" in row:
        row = _from_trl(row, number)
    source = row.get("input")
    if not isinstance(source, dict):
        raise InvalidExamples(f"Row {number} has no input.", hint=hint)
    prompt = messages_of(turns_of(source, number), number)
    if prompt[-1].role != "user":
        raise InvalidExamples(f"Row {number} has an input whose last message is not the user's.", hint=hint)
    preferred = _answer(row, "preferred_output", number)
    rejected = _answer(row, "non_preferred_output", number)
    if preferred == rejected:
        raise InvalidExamples(f"Row {number} has the same preferred and non-preferred answer.", hint=hint)
    return Preference(prompt, preferred, rejected)


def preference_to_json(pair: Preference) -> dict[str, Any]:
    """Return a preference as a line of OpenAI's files for dpo."""
    return {
        "input": {"messages": [turn.to_json() for turn in pair.messages]},
        "preferred_output": [{"role": "assistant", "content": pair.completion}],
        "non_preferred_output": [{"role": "assistant", "content": pair.rejected}],
    }


def preference_lines(pairs: Iterable[Preference]) -> str:
    """Return preferences as the text of a file for dpo, as `preference_rows` reads it."""
    return "".join(json.dumps(preference_to_json(pair), ensure_ascii=False) + "\n" for pair in pairs)


def _from_trl(row: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return a row of TRL's in OpenAI's shape: texts or turns, the prompt alone or before both answers."""
    chosen, rejected = as_turns(row["chosen"], "assistant"), as_turns(row.get("rejected"), "assistant")
    prompt = as_turns(row.get("prompt"), "user")
    if not chosen or not rejected:
        raise InvalidExamples(f"Row {number} needs both a chosen and a rejected answer.", hint=_HINT)
    if not prompt:
        if chosen[:-1] != rejected[:-1]:
            raise InvalidExamples(f"Row {number} has two answers to different prompts.", hint=_HINT)
        prompt, chosen, rejected = chosen[:-1], chosen[-1:], rejected[-1:]
    return {"input": {"messages": prompt}, "preferred_output": chosen, "non_preferred_output": rejected}


def as_turns(value: Any, role: str) -> list[Any]:
    """Return turns as they are, a text as one turn, and none of what is neither."""
    if isinstance(value, str):
        return [{"role": role, "content": value}]
    return value if isinstance(value, list) else []


def _answer(row: Mapping[str, Any], key: str, number: int) -> str:
    """Return the one text that a row holds under `key`."""
    answer = messages_of(turns_of(row, number, key), number)
    if len(answer) != 1 or answer[0].role != "assistant" or not answer[0].content.strip():
        raise InvalidExamples(f"Row {number} needs exactly one assistant message as {key}.", hint=_HINT)
    return answer[0].content
