"""A row of held-out questions that says something else; what else it holds stays as it was."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lorewright.datasets.rows import Row
from lorewright.evaluation.question_json import (
    ANSWERABLE_KEYS,
    DOCUMENT_KEYS,
    STALE_KEYS,
    TARGET_KEYS,
    TEXT_KEYS,
    question_from_json,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionEdit:
    """What a held-out question should be: see `Question`."""

    question: str
    targets: tuple[str, ...]
    stale_targets: tuple[str, ...]
    document_ids: tuple[str, ...]
    answerable: bool


def edited_question(row: Row, edit: QuestionEdit) -> Row:
    """Return the row that means what the edit says; raise `InvalidExamples` where it cannot.

    Only what differs is written, under the names that the row has already.
    """
    old, new = question_from_json(row), deepcopy(row)
    if edit.question.strip() != old.text.strip():
        _ask(new, edit.question)
    if edit.targets != old.targets:
        _put_targets(new, edit.targets)
    if edit.stale_targets != old.stale_targets:
        _put(new, STALE_KEYS, edit.stale_targets)
    if edit.document_ids != old.document_ids:
        _put(new, DOCUMENT_KEYS, edit.document_ids)
    if edit.answerable != old.answerable:
        place, name = _place(new, ANSWERABLE_KEYS)
        place[name] = str(edit.answerable).lower() if isinstance(place.get(name), str) else edit.answerable
    question_from_json(new)
    return new


def _ask(row: Row, text: str) -> None:
    """Replace what the user said last."""
    turns = row.get("messages")
    if turns:
        [*_, last] = [turn for turn in turns if turn.get("role") == "user"]
        last["content"] = text
    else:
        row[next(key for key in TEXT_KEYS if row.get(key))] = text


def _put_targets(row: Row, targets: Sequence[str]) -> None:
    place, name = _place(row, TARGET_KEYS)
    turns = row.get("messages") or []
    is_said = not place.get(name) and bool(turns) and turns[-1].get("role") == "assistant"
    if is_said and len(targets) == 1:
        turns[-1]["content"] = targets[0]
        return
    if is_said:
        turns.pop()
    _put(row, TARGET_KEYS, targets)


def _put(row: Row, keys: Sequence[str], texts: Sequence[str]) -> None:
    """Write texts in the form that stands there: one text, a list, or a list within a cell."""
    place, name = _place(row, keys)
    held = place.get(name)
    if not isinstance(held, str):
        place[name] = list(texts)
    elif len(texts) == 1 and not texts[0].lstrip().startswith("["):
        place[name] = texts[0]
    else:
        place[name] = json.dumps(list(texts), ensure_ascii=False) if texts else ""


def _place(row: Row, keys: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Return where a field stands, or where it would: the row or what is nested in it, and its name."""
    nested = row.get("meta") or row.get("metadata")
    inner = nested if isinstance(nested, dict) else {}
    known: Mapping[str, Any] = {**inner, **row}
    empty: tuple[Any, ...] = (None, "", [])
    name = next((key for key in keys if known.get(key) not in empty), "")
    if not name:
        name = next((key for key in keys if key in known), keys[0])
    return (inner, name) if name in inner and name not in row else (row, name)
