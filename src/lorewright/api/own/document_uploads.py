"""`PUT /lorewright/v1/documents`: one file of any size, written to disk as it comes."""

from pathlib import Path
from typing import Any, BinaryIO

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.workspace.documents.files import (
    begin_file,
    check_file,
    document_path,
    put_in_place,
    start_adding,
)
from lorewright.workspace.server.audit import audit
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/documents", tags=["documents"])

_PIECE_BYTES = 1 << 20


@router.put("")
async def put_document(
    document: str,
    request: Request,
    server: ServerOf,
    caller: CallerOf,
    replace: bool = False,  # noqa: FBT001, FBT002 - a parameter of a query
    index: bool = True,  # noqa: FBT001, FBT002
) -> dict[str, Any]:
    """Upload one file of any size as the body; it is written completely or not at all.

    With `index=false` it is indexed by a later job, such as that of the last of many files.
    """
    path, unfinished = await anyio.to_thread.run_sync(_begun, server, caller, document, replace)
    try:
        with await anyio.to_thread.run_sync(unfinished.open, "wb") as file:
            await _write(request, file)
        await anyio.to_thread.run_sync(put_in_place, server.workspace, unfinished, path)
    except ClientDisconnect as error:
        raise BadParameter("document", f"The upload of {document!r} broke off: nothing was kept.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    document_id = path.relative_to(server.workspace.documents_folder).as_posix()
    audit(server, caller, "document.uploaded", document_id)
    job = shown_job(server, start_adding(server, [document_id])) if index else None
    return {"id": document_id, "object": "document.upload", "job": job}


def _begun(server: Server, caller: Caller, document: str, is_replacing: bool) -> tuple[Path, Path]:  # noqa: FBT001
    """Return the file of a document, and where its bytes may grow until they are all there."""
    caller.need("documents")
    caller.need_documents()
    path = document_path(server.workspace, document)
    check_file(server.workspace, path, is_replacing=is_replacing)
    return path, begin_file(path)


async def _write(request: Request, file: BinaryIO) -> None:
    """Write the body piece by piece: what is slow must hold no thread, what is large no memory."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) >= _PIECE_BYTES:
            await anyio.to_thread.run_sync(file.write, bytes(held))
            held.clear()
    await anyio.to_thread.run_sync(file.write, bytes(held))
