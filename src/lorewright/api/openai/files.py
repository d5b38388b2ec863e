"""`/v1/files`: files that clients upload, and files that jobs produce."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse
from openai.types import FileDeleted, FileObject

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import LongLimit, OrderOf, listed
from lorewright.storage import Record
from lorewright.workspace.collections.files import content_of, delete_file, find_file, list_files, upload_file

router = APIRouter(prefix="/v1/files", tags=["files"])

_PIECE_BYTES = 1 << 20


@router.post("", responses=answers(FileObject))
def create_file(
    file: UploadFile,
    purpose: Annotated[str, Form()],
    server: ServerOf,
    caller: CallerOf,
    anchor: Annotated[Literal["created_at"] | None, Form(alias="expires_after[anchor]")] = None,  # noqa: ARG001
    seconds: Annotated[int | None, Form(alias="expires_after[seconds]")] = None,
) -> dict[str, Any]:
    """Upload a file."""
    pieces = iter(lambda: file.file.read(_PIECE_BYTES), b"")
    file_record = upload_file(
        server,
        caller,
        pieces,
        filename=file.filename or "file",
        purpose=purpose,
        expires_after_seconds=seconds,
    )
    return shown_file(file_record)


@router.get("", responses=answers(ListOf[FileObject]))
def get_files(
    server: ServerOf,
    caller: CallerOf,
    purpose: str | None = None,
    limit: LongLimit = 10_000,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List files, the newest first."""
    page = list_files(server, caller, purpose=purpose, limit=limit, after=after, order=order)
    return listed(page, shown_file)


@router.get("/{file_id}", responses=answers(FileObject))
def get_file(file_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one file."""
    return shown_file(find_file(server, caller, file_id))


@router.delete("/{file_id}", responses=answers(FileDeleted))
def remove_file(file_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a file that is not in use."""
    delete_file(server, caller, file_id)
    return {"id": file_id, "object": "file", "deleted": True}


@router.get("/{file_id}/content", response_model=None)
def get_content(file_id: str, server: ServerOf, caller: CallerOf) -> FileResponse:
    """Return the bytes of a file."""
    file, path = content_of(server, caller, file_id)
    # Never shown as a page of ours, whatever is in it.
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=file.body["filename"],
        headers={"X-Content-Type-Options": "nosniff"},
    )


def shown_file(file: Record) -> dict[str, Any]:
    """Return a file object."""
    body = file.body
    return {
        "id": file.id,
        "object": "file",
        "bytes": body["bytes"],
        "created_at": int(file.created_at),
        "filename": body["filename"],
        "purpose": body["purpose"],
        "status": body["status"],
        "status_details": None,
        "expires_at": body["expires_at"],
    }
