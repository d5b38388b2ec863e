"""`/lorewright/v1/document-…`: how files and index stand, and what documents said before."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import ConfigDict

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.workspace.documents.attributes import own_attributes, set_attributes
from lorewright.workspace.documents.editing import edit_document
from lorewright.workspace.documents.files import original_file
from lorewright.workspace.documents.states import DocumentFile, State, document_files
from lorewright.workspace.documents.versions import (
    restore_document,
    version_differences,
    version_text,
    versions_of,
)

router = APIRouter(prefix="/lorewright/v1", tags=["documents"])


class Change(RequestBody):
    """A request to write on a document, or to change the text of its file.

    `file_hash` is that of the file the new text was made from; an older one is refused.
    """

    model_config = ConfigDict(extra="forbid")

    attributes: dict[str, Any] | None = None
    text: str | None = None
    file_hash: str = ""


class Restoring(RequestBody):
    """A request to restore a version; with `current`, only while that one is the current version."""

    model_config = ConfigDict(extra="forbid")

    document: str
    number: int
    current: int = 0


@router.get("/document-files")
def get_files(
    server: ServerOf, caller: CallerOf, state: State | None = None, limit: Limit = 20, after: str = ""
) -> dict[str, Any]:
    """List files and documents in the order of ids, all or those in one state, as a sync would see them."""
    files = document_files(server.workspace, caller)
    if after and all(file.id != after for file in files):
        raise BadParameter("after", f"No document found with id {after!r}; it cannot be used as a cursor.")
    left = [file for file in files if file.id > after and state in (None, file.state)]
    return listed_values([_as_json(file) for file in left[:limit]], has_more=len(left) > limit)


@router.get("/document-files/original", response_class=FileResponse)
def get_original(document: str, server: ServerOf, caller: CallerOf) -> FileResponse:
    """Download the file of a document as it was brought in."""
    path = original_file(server.workspace, caller, document)
    # A file to keep, and no page of this server, whatever somebody wrote into it.
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, filename=path.name, media_type="application/octet-stream", headers=headers)


@router.get("/document-versions")
def get_versions(
    document: str, server: ServerOf, caller: CallerOf, number: int | None = None
) -> dict[str, Any]:
    """List the versions of a document, newest first; with `number`, only that one, with its text."""
    versions = versions_of(server.workspace, caller, document)
    rows = [
        {
            "id": f"{document}@{one.number}", "object": "document.version", "number": one.number,
            "kind": one.kind, "at": one.at, "is_current": one.is_current, "has_text": one.has_text,
            "can_return": one.can_return,
        }
        for one in versions
    ]  # fmt: skip
    if number is None:
        return listed_values(rows)
    text = version_text(server.workspace, caller, document, number)
    return next(one for one in rows if one["number"] == number) | {"text": text}


@router.get("/document-versions/difference")
def get_difference(document: str, old: int, new: int, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the lines that differ between two versions of a document, with a few lines of context."""
    lines = version_differences(server.workspace, caller, document, old, new)
    rows = [{"kind": line.kind, "text": line.text} for line in lines]
    return {"object": "document.difference", "document": document, "old": old, "new": new, "lines": rows}


@router.post("/document-versions/restore")
def restore(body: Restoring, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Restore an earlier version; a job reads and indexes it as a new version."""
    job = restore_document(server, caller, body.document, body.number, current=body.current)
    return {"id": body.document, "object": "document", "job": shown_job(server, caller, job)}


@router.patch("/documents/{document_id:path}")
def change_document(document_id: str, body: Change, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Set attributes of a document, or replace the text of its file, which is then re-indexed."""
    if body.attributes is not None:
        set_attributes(server.workspace, caller, document_id, body.attributes)
    job = None
    if body.text is not None:
        job = shown_job(
            server, caller, edit_document(server, caller, document_id, body.text, file_hash=body.file_hash)
        )
    attributes = own_attributes(server.workspace, caller, document_id)
    return {"id": document_id, "object": "document", "attributes": dict(attributes), "job": job}


def _as_json(file: DocumentFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "document.file",
        "state": file.state,
        "reason": file.reason or None,
        "title": file.title,
        "size_bytes": file.size_bytes,
        "changed_at": file.changed_at,
    }
