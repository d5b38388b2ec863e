"""`/lorewright/v1/data`: examples and held-out questions, row by row, and the versions of both."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.datasets.difference import Difference, Entry
from lorewright.datasets.example_row import row_from
from lorewright.errors import BadParameter
from lorewright.evaluation.question_json import question_from_json, question_to_json
from lorewright.request_body import RequestBody
from lorewright.tuning.preference_rows import preference_to_json
from lorewright.workspace.answering.preference_pairs import export_pairs
from lorewright.workspace.dataset.checks import check_data, mask_private
from lorewright.workspace.dataset.judged_questions import add_question
from lorewright.workspace.dataset.rows import change_row, data_row, data_rows, delete_row, digest_of
from lorewright.workspace.dataset.table import DataRow, Look
from lorewright.workspace.dataset.versions import (
    DataVersion,
    all_versions,
    find_version,
    restore_version,
    version_difference,
)
from lorewright.workspace.dataset.written_examples import add_example
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/data", tags=["data"])


class RowChange(RequestBody):
    """A request to change fields of a row, or its whole `text` as it stands in its file.

    `digest` is that of the row the change was made from; an older one is refused. Examples have an
    `answer`, questions have `targets` (all acceptable answers) and `stale_targets`.
    """

    model_config = ConfigDict(extra="forbid")

    digest: str
    question: str | None = None
    answer: str | None = None
    targets: tuple[str, ...] | None = None
    stale_targets: tuple[str, ...] | None = None
    document_ids: tuple[str, ...] | None = None
    answerable: bool | None = None
    text: str | None = None


class NewRow(RequestBody):
    """A question with its answer; `answerable` is false where the right answer is a refusal."""

    model_config = ConfigDict(extra="forbid")

    question: str
    answer: str = ""
    document_ids: tuple[str, ...] = ()
    answerable: bool = True


@router.get("/examples")
def get_examples(
    server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "", finding: str = "", part: str = "",
    file: str = "", search: str = "",
) -> dict[str, Any]:  # fmt: skip
    """List the examples in the order of their files, filtered by finding, part or words."""
    look = Look(side="examples", finding=finding, part=part, file=file, search=search)
    return _rows(server, caller, look, limit, after)


@router.get("/questions")
def get_questions(
    server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "", file: str = "", search: str = ""
) -> dict[str, Any]:
    """List the held-out questions in the order of their files, filtered by file or words."""
    return _rows(server, caller, Look(side="questions", file=file, search=search), limit, after)


@router.post("/examples")
def create_example(body: NewRow, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Write an example to learn from; one that is held out nearly word for word is refused."""
    added = add_example(server, caller, body.question, body.answer, body.document_ids)
    return {"object": "example", **row_from(added)}


@router.post("/questions")
def create_question(body: NewRow, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Write a held-out question; nothing is ever learned from it."""
    added = add_question(
        server, caller, body.question, body.answer, body.document_ids, answerable=body.answerable
    )
    return {"object": "question", **question_to_json(added)}


@router.get("/check")
def check(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return how many rows have each finding, and notes on the dataset as a whole."""
    checked = check_data(server, caller, is_quick=True)
    counts = {kind: len(rows) for kind, rows in checked.findings.items()}
    return {
        "object": "data.check", "n_examples": checked.n_examples, "n_questions": checked.n_questions,
        "findings": counts, "notes": list(checked.notes),
    }  # fmt: skip


@router.post("/mask")
def mask(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Mask the personal data and secrets that were found, in the rows of the files."""
    return {"object": "data.masked", "rows": mask_private(server, caller)}


@router.post("/pairs")
def pairs(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return thumbs, votes and accepted corrections as preference pairs, each a line of a file for dpo."""
    found = export_pairs(server, caller)
    rows = [preference_to_json(pair) for pair in found.pairs]
    return {"object": "data.pairs", "data": rows, "left_out": dict(found.left_out)}


@router.get("/rows/{key:path}")
def get_row(key: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one row by its id: side/file:number."""
    return _row(data_row(server, caller, key))


@router.patch("/rows/{key:path}")
def patch_row(key: str, body: RowChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change a row in its file, and return the new version of the dataset."""
    fields = body.model_dump(exclude={"digest", "text"}, exclude_none=True)
    return _version(change_row(server, caller, key, fields, digest=body.digest, text=body.text))


@router.delete("/rows/{key:path}")
def remove_row(key: str, digest: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a row, and return the new version of the dataset."""
    return _version(delete_row(server, caller, key, digest=digest))


@router.get("/versions")
def get_versions(server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "") -> dict[str, Any]:
    """List the versions of the dataset, newest first."""
    versions = all_versions(server, caller)
    ids = [version.id for version in versions]
    if after and after not in ids:
        raise BadParameter("after", f"No version found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = versions[start : start + limit]
    return listed_values([_version(one) for one in page], has_more=len(versions) > start + limit)


@router.get("/versions/{version_id}")
def get_version(version_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one version with the hashes of its files."""
    version = find_version(server, caller, version_id)
    return {**_version(version), "files": dict(version.files)}


@router.get("/difference")
def get_difference(
    server: ServerOf, caller: CallerOf, before: str, after_version: str = ""
) -> dict[str, Any]:
    """Return the differences between two versions; without `after_version`, up to now."""
    difference = version_difference(server, caller, before, after_version)
    sides: dict[str, Any] = {side: _difference(one) for side, one in difference.items()}
    return {"object": "data.difference", "before": before, "after_version": after_version or None, **sides}


@router.post("/versions/{version_id}/restore")
def restore(version_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Restore the files of an earlier version, as a new version."""
    return _version(restore_version(server, caller, version_id))


def _rows(server: Server, caller: CallerOf, look: Look, limit: int, after: str) -> dict[str, Any]:
    rows, has_more = data_rows(server, caller, look, limit=limit, after=after)
    return listed_values([_row(row) for row in rows], has_more=has_more)


def _row(row: DataRow) -> dict[str, Any]:
    example = row.placed.value
    values = {
        "id": row.key, "object": f"data.{row.side.removesuffix('s')}", "digest": digest_of(row),
        "row_id": row.id or None, "file": row.placed.file, "number": row.placed.number, "part": row.part,
        "question": example.question if example else row.question,
        "document_ids": list(example.document_ids) if example else [],
        "answerable": example.answerable if example else None,
        "findings": [
            {"kind": one.kind, "says": one.message, "other_id": one.other_id or None} for one in row.findings
        ],
    }  # fmt: skip
    if row.side == "examples" or example is None:
        return values | {"answer": row.answer}
    question = question_from_json(row.placed.row)
    return values | {"targets": list(question.targets), "stale_targets": list(question.stale_targets)}


def _version(version: DataVersion) -> dict[str, Any]:
    return {
        "id": version.id, "object": "data.version", "digest": version.digest, "why": version.why,
        "by": version.by or None, "created_at": int(version.at), "n_examples": version.n_examples,
        "n_questions": version.n_questions,
    }  # fmt: skip


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "added": [_entry(one) for one in difference.added],
        "removed": [_entry(one) for one in difference.removed],
        "changed": [{"before": _entry(old), "after": _entry(new)} for old, new in difference.changed],
    }


def _entry(entry: Entry) -> dict[str, str]:
    return {"id": entry.id, "question": entry.question, "answer": entry.answer}
