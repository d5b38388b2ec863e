"""Rows of the dataset for those who call from elsewhere: a page of them, one by its key, changed, let go."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from lorewright.access import Caller
from lorewright.datasets.editing import Edit
from lorewright.errors import BadParameter, Overtaken
from lorewright.evaluation import Question
from lorewright.evaluation.question_edit import QuestionEdit
from lorewright.evaluation.question_json import question_from_json
from lorewright.workspace.dataset.at_hand import made_once
from lorewright.workspace.dataset.editing import delete_rows, edit_question, edit_row, rewrite_row
from lorewright.workspace.dataset.table import (
    DataRow,
    DataTable,
    Look,
    matching_rows,
    no_row,
    read_table,
    signature_of,
    table_for,
)
from lorewright.workspace.dataset.versions import DataVersion
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server

_OF_EXAMPLES = {"question", "answer", "document_ids", "answerable"}
_OF_QUESTIONS = {"question", "targets", "stale_targets", "document_ids", "answerable"}


def data_table(server: Server, caller: Caller, *, is_quick: bool = True) -> DataTable:
    """Return the dataset as a caller may see it, with near duplicates by meaning if not `is_quick`."""
    caller.need("read")
    workspace = server.workspace
    table = made_once(workspace, read_table) if is_quick else read_table(workspace, is_quick=False)
    return table_for(table, readable(workspace, caller))


def data_signature(server: Server, caller: Caller) -> str:
    """Return a text that is another one as soon as a file of the dataset changes."""
    caller.need("read")
    return signature_of(server.workspace)


def data_rows(
    server: Server, caller: Caller, look: Look, *, limit: int, after: str = ""
) -> tuple[list[DataRow], bool]:
    """Return at most `limit` rows after the one with the key `after`, and whether there are more."""
    matching = matching_rows(data_table(server, caller), look)
    keys = [row.key for row in matching]
    if after and after not in keys:
        raise BadParameter("after", f"No row found with key {after!r}; it cannot be used as a cursor.")
    start = keys.index(after) + 1 if after else 0
    return matching[start : start + limit], len(matching) > start + limit


def data_row(server: Server, caller: Caller, key: str) -> DataRow:
    """Return a row by its key; raise `NotFound` where there is none."""
    row = data_table(server, caller).find(key)
    if row is None:
        raise no_row(key)
    return row


def digest_of(row: DataRow) -> str:
    """Return what identifies the content of a row: who changes it says which content they saw."""
    return blake2b(
        json.dumps(row.placed.row, sort_keys=True, default=str).encode(), digest_size=8
    ).hexdigest()


def change_row(
    server: Server,
    caller: Caller,
    key: str,
    fields: Mapping[str, Any],
    *,
    digest: str,
    text: str | None = None,
) -> DataVersion:
    """Return the version of the dataset in which some fields of a row, or its whole text, are others.

    Raises `Overtaken` where the row is not the one with this digest any more.
    """
    caller.need("tune")
    row = _seen(server, caller, key, digest)
    if text is not None:
        return rewrite_row(server, caller, row, text)
    allowed = _OF_QUESTIONS if row.side == "questions" else _OF_EXAMPLES
    unknown = next((name for name in fields if name not in allowed), None)
    if unknown:
        raise BadParameter(
            unknown, f"A row of {row.side} has no field {unknown}; it has {', '.join(sorted(allowed))}."
        )
    example = row.placed.value
    if example is None:
        raise BadParameter("text", f"{key} cannot be parsed: provide its whole text instead.")
    if row.side == "questions":
        edit_of_question = replace(_as_it_is(question_from_json(row.placed.row)), **fields)
        return edit_question(server, caller, row, edit_of_question)
    edit = Edit(
        question=example.question, completion=example.completion, document_ids=example.document_ids,
        answerable=example.answerable,
    )  # fmt: skip
    named = {("completion" if name == "answer" else name): value for name, value in fields.items()}
    return edit_row(server, caller, row, replace(edit, **named))


def delete_row(server: Server, caller: Caller, key: str, *, digest: str) -> DataVersion:
    """Return the version of the dataset without a row; raise `Overtaken` where it changed since."""
    caller.need("tune")
    return delete_rows(server, caller, [_seen(server, caller, key, digest)])


def _seen(server: Server, caller: Caller, key: str, digest: str) -> DataRow:
    row = data_row(server, caller, key)
    if digest != digest_of(row):
        raise Overtaken(
            f"The row {key!r} was changed in the meantime.", hint="Read it again before changing it."
        )
    return row


def _as_it_is(question: Question) -> QuestionEdit:
    return QuestionEdit(
        question=question.text, targets=question.targets, stale_targets=question.stale_targets,
        document_ids=question.document_ids, answerable=question.answerable,
    )  # fmt: skip
