"""`PUT /lorewright/v1/documents`: one file of any size, written to disk as it comes."""

from functools import partial
from typing import Any, BinaryIO

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.workspace.documents.uploads import begin_document, finish_document, read_again

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
    begin = partial(begin_document, server, caller, document, is_replacing=replace)
    upload = await anyio.to_thread.run_sync(begin)
    try:
        with await anyio.to_thread.run_sync(upload.unfinished.open, "wb") as file:
            await _write(request, file)
        await anyio.to_thread.run_sync(finish_document, server, caller, upload)
    except ClientDisconnect as error:
        raise BadParameter(
            "document", f"The upload of {document!r} was interrupted; nothing was saved."
        ) from error
    finally:
        upload.unfinished.unlink(missing_ok=True)
    job = None
    if index:
        job = shown_job(server, caller, read_again(server, caller, [upload.document_id]))
    return {"id": upload.document_id, "object": "document.upload", "job": job}


async def _write(request: Request, file: BinaryIO) -> None:
    """Write the body piece by piece: what is slow must hold no thread, what is large no memory."""
    buffer = bytearray()
    async for piece in request.stream():
        buffer += piece
        if len(buffer) >= _PIECE_BYTES:
            await anyio.to_thread.run_sync(file.write, bytes(buffer))
            buffer.clear()
    await anyio.to_thread.run_sync(file.write, bytes(buffer))
