"""`/v1/uploads`: large files in parts."""

from typing import Any, Literal

from fastapi import APIRouter, UploadFile
from openai.types import Upload
from openai.types.uploads import UploadPart

from lorewright.access import Caller
from lorewright.api.http.answers import answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.openai.files import shown_file
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.collections.uploads import (
    add_part,
    begin_upload,
    cancel_upload,
    complete_upload,
    file_of,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/uploads", tags=["files"])

_PIECE_BYTES = 1 << 20


class ExpiresAfter(RequestBody):
    """When the uploaded file expires."""

    anchor: Literal["created_at"]
    seconds: int


class NewUpload(RequestBody):
    """A request to upload a file in parts."""

    bytes: int
    filename: str
    mime_type: str
    purpose: str
    expires_after: ExpiresAfter | None = None


class Completion(RequestBody):
    """A request to complete an upload from its parts."""

    part_ids: list[str]
    md5: str | None = None


@router.post("", responses=answers(Upload))
def create_upload(body: NewUpload, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create an upload."""
    upload = begin_upload(
        server,
        caller,
        filename=body.filename,
        purpose=body.purpose,
        size_bytes=body.bytes,
        mime_type=body.mime_type,
        expires_after_seconds=body.expires_after.seconds if body.expires_after else None,
    )
    return _as_json(server, caller, upload)


@router.post("/{upload_id}/parts", responses=answers(UploadPart))
def create_part(upload_id: str, data: UploadFile, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Add a part."""
    part = add_part(server, caller, upload_id, iter(lambda: data.file.read(_PIECE_BYTES), b""))
    return {
        "id": part.id,
        "object": "upload.part",
        "created_at": int(part.created_at),
        "upload_id": upload_id,
    }


@router.post("/{upload_id}/complete", responses=answers(Upload))
def complete(upload_id: str, body: Completion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Complete an upload: create a file from its parts."""
    return _as_json(
        server, caller, complete_upload(server, caller, upload_id, body.part_ids, checksum=body.md5)
    )


@router.post("/{upload_id}/cancel", responses=answers(Upload))
def cancel(upload_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel an upload."""
    return _as_json(server, caller, cancel_upload(server, caller, upload_id))


def _as_json(server: Server, caller: Caller, upload: Record) -> dict[str, Any]:
    body = upload.body
    file = file_of(server, caller, upload)
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": body["bytes"],
        "created_at": int(upload.created_at),
        "expires_at": body["expires_at"],
        "filename": body["filename"],
        "purpose": body["purpose"],
        "status": upload.label,
        "file": shown_file(file) if file else None,
    }
