"""A row with another question, answer, documents or answerable; what else it holds stays as it was."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lorewright.datasets.mapping import map_columns
from lorewright.datasets.reading import example_from
from lorewright.datasets.rows import Row
from lorewright.errors import InvalidExamples


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """What a row should say."""

    question: str
    completion: str
    document_ids: tuple[str, ...]
    answerable: bool


def edited(row: Row, edit: Edit) -> Row:
    """Return the row that means what the edit says; raise `InvalidExamples` where it cannot.

    Only what differs is written, in the columns and under the names that the row has already.
    """
    columns, old, new = map_columns(row), example_from(row), deepcopy(row)
    if edit.completion.strip() != old.completion:
        if columns.chat:
            _say(new[columns.chat][-1], edit.completion)
        elif isinstance(new[columns.completion], list):
            _say(new[columns.completion][0], edit.completion)
        else:
            new[columns.completion] = edit.completion
    if edit.question.strip() != old.question.strip():
        _ask(new, columns.chat or _only(columns.prompt), edit.question, is_chat=bool(columns.chat))
    if edit.document_ids != old.document_ids:
        place, name = _field(new, columns.document_ids, columns.metadata, ("document_ids", "doc_ids"))
        is_text = isinstance(place.get(name), str)
        place[name] = "; ".join(edit.document_ids) if is_text else list(edit.document_ids)
    if edit.answerable != old.answerable:
        place, name = _field(new, columns.answerable, columns.metadata, ("answerable",))
        is_text = isinstance(place.get(name), str)
        place[name] = str(edit.answerable).lower() if is_text else edit.answerable
    example_from(new)
    return new


def _only(prompt: tuple[str, ...]) -> str:
    if len(prompt) != 1:
        raise InvalidExamples(
            f"the question is spread over {len(prompt)} columns: {', '.join(prompt)}.",
            hint="Edit all fields of the row instead.",
        )
    return prompt[0]


def _ask(row: Row, column: str, text: str, *, is_chat: bool) -> None:
    """Replace what the user said last."""
    if not isinstance(row[column], list):
        row[column] = text
        return
    turns = row[column][:-1] if is_chat else row[column]
    user_turns = [turn for turn in turns if turn.get("role", turn.get("from")) in ("user", "human")]
    _say(user_turns[-1], text)


def _say(turn: dict[str, Any], text: str) -> None:
    turn["value" if "value" in turn and "content" not in turn else "content"] = text


def _field(row: Row, column: str, metadata: str, names: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """Return where a field stands, or where it would: its column, the metadata, or the row."""
    if column:
        return row, column
    nested = row.get(metadata)
    if isinstance(nested, Mapping):
        known = next((name for name in names if name in nested), None)
        if known and isinstance(nested, dict):
            return nested, known
    return row, names[0]
