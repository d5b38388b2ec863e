"""`/lorewright/v1/document-…`: how files and index stand, and what documents said before."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from lorewright.api.caller import Caller, HomeOf
from lorewright.api.jobs import shown_job
from lorewright.api.pages import Limit, listed_values
from lorewright.errors import BadParameter
from lorewright.workspace.document_attributes import own_attributes, set_attributes
from lorewright.workspace.document_edit import edit_document
from lorewright.workspace.document_history import version_differences, version_text, versions_of
from lorewright.workspace.document_restore import restore_document
from lorewright.workspace.document_states import DocumentFile, State, document_files

router = APIRouter(prefix="/lorewright/v1", tags=["documents"])


class Change(BaseModel):
    """A request to write on a document, or to change the text of its file.

    `file_hash` is that of the file the new text was made from; an older one is refused.
    """

    model_config = ConfigDict(extra="forbid")

    attributes: dict[str, Any] | None = None
    text: str | None = None
    file_hash: str = ""


class Restoring(BaseModel):
    """A request to restore a version; with `current`, only while that one is the current version."""

    model_config = ConfigDict(extra="forbid")

    document: str
    number: int
    current: int = 0


@router.get("/document-files")
def get_files(
    home: HomeOf, caller: Caller, state: State | None = None, limit: Limit = 20, after: str = ""
) -> dict[str, Any]:
    """List files and documents in the order of ids, all or those in one state: what a sync would see."""
    found = document_files(home.workspace, caller)
    if after and all(file.id != after for file in found):
        raise BadParameter("after", f"There is no document {after!r} to go on from.")
    left = [file for file in found if file.id > after and state in (None, file.state)]
    return listed_values([_shown(file) for file in left[:limit]], has_more=len(left) > limit)


@router.get("/document-versions")
def get_versions(document: str, home: HomeOf, caller: Caller, number: int | None = None) -> dict[str, Any]:
    """List the versions of a document, the newest first; with `number`, that one with its text."""
    found = versions_of(home.workspace, caller, document)
    shown = [
        {
            "id": f"{document}@{one.number}", "object": "document.version", "number": one.number,
            "kind": one.kind, "at": one.at, "is_current": one.is_current, "has_text": one.has_text,
            "can_return": one.can_return,
        }
        for one in found
    ]  # fmt: skip
    if number is None:
        return listed_values(shown)
    text = version_text(home.workspace, caller, document, number)
    return next(one for one in shown if one["number"] == number) | {"text": text}


@router.get("/document-versions/difference")
def get_difference(document: str, old: int, new: int, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Return the lines that differ between two versions of a document, a few around each."""
    lines = version_differences(home.workspace, caller, document, old, new)
    shown = [{"kind": line.kind, "text": line.text} for line in lines]
    return {"object": "document.difference", "document": document, "old": old, "new": new, "lines": shown}


@router.post("/document-versions/restore")
def restore(body: Restoring, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Make an earlier version the current one again; the job reads and indexes it as a new version."""
    job = restore_document(home, caller, body.document, body.number, current=body.current)
    return {"id": body.document, "object": "document", "job": shown_job(home, job)}


@router.patch("/documents/{document_id:path}")
def change_document(document_id: str, body: Change, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Write attributes on a document, or another text into its file, which is read and indexed anew."""
    if body.attributes is not None:
        set_attributes(home.workspace, caller, document_id, body.attributes)
    job = None
    if body.text is not None:
        job = shown_job(home, edit_document(home, caller, document_id, body.text, file_hash=body.file_hash))
    attributes = own_attributes(home.workspace, document_id)
    return {"id": document_id, "object": "document", "attributes": dict(attributes), "job": job}


def _shown(file: DocumentFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "document.file",
        "state": file.state,
        "reason": file.reason or None,
        "title": file.title,
        "size_bytes": file.size_bytes,
        "changed_at": file.changed_at,
    }
