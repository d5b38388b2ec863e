"""Answers rated good or bad, one on a line: TRL's files for KTO, or pairs, of which each is two."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.tuning.chat_rows import json_lines, messages_of, turns_of
from lorewright.tuning.preference_rows import as_turns, preference_in
from lorewright.tuning.row import RatedRow

_HINT = (
    'A row is {"prompt": ..., "completion": ..., "label": true}, or a pair: {"prompt": ..., "chosen": ..., '
    '"rejected": ...}.'
)


def rated_rows(lines: Iterable[str]) -> Iterator[RatedRow]:
    """Yield a rated answer for every line, for a pair of answers two; empty lines are skipped.

    Raises `InvalidExamples` naming the first line, counted from 1, that is none.
    """
    for number, row in json_lines(lines):
        if "label" in row:
            yield _rated(row, number)
            continue
        pair = preference_in(row, number, hint=_HINT)
        yield RatedRow(pair.messages, pair.completion, is_good=True)
        yield RatedRow(pair.messages, pair.rejected, is_good=False)


def need_both_sides(rows: Iterable[RatedRow]) -> None:
    """Raise `InvalidExamples` where all answers are good, or all are bad: there is nothing to tell apart."""
    sides = [row.is_good for row in rows]
    if sides and len(set(sides)) == 1:
        one, other = ("good", "bad") if sides[0] else ("bad", "good")
        raise InvalidExamples(
            f"All {len(sides):,} rated answers are {one}.", hint=f"The method kto needs {other} answers, too."
        )


def rated_to_json(row: RatedRow) -> dict[str, Any]:
    """Return a rated answer as a line of TRL's files for KTO."""
    return {
        "prompt": [turn.to_json() for turn in row.messages],
        "completion": [{"role": "assistant", "content": row.completion}],
        "label": row.is_good,
    }


def rated_lines(rows: Iterable[RatedRow]) -> str:
    """Return rated answers as the text of a file, as `rated_rows` reads it."""
    return "".join(json.dumps(rated_to_json(row), ensure_ascii=False) + "\n" for row in rows)


def _rated(row: Mapping[str, Any], number: int) -> RatedRow:
    if not isinstance(row["label"], bool):
        raise InvalidExamples(
            f"Row {number} has label {row['label']!r}.", hint="A label is true (good) or false (bad)."
        )
    turns = as_turns(row.get("prompt"), "user") + as_turns(row.get("completion"), "assistant")
    messages = messages_of(turns_of({"messages": turns or row.get("messages")}, number), number)
    *prompt, answer = messages
    if answer.role != "assistant" or not answer.content.strip():
        raise InvalidExamples(f"Row {number} does not end with an answer.", hint=_HINT)
    if not prompt or prompt[-1].role != "user":
        raise InvalidExamples(f"Row {number} has no user message before its answer.", hint=_HINT)
    return RatedRow(tuple(prompt), answer.content, is_good=row["label"])
