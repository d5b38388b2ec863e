"""Large files that come in parts: begun, filled, and put together in the order that the client says."""

import time
from collections.abc import Iterable, Iterator, Sequence
from hashlib import md5
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound, UserError
from lorewright.storage import Record
from lorewright.workspace.collections.files import check_file, keep_file, remove_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.shared_blobs import keep, let_go
from lorewright.workspace.server.visible_records import owner_of

UPLOADS, PARTS = "upload", "upload_part"
LASTS_SECONDS = 3600
MAX_BYTES = 8 << 30
MAX_PART_BYTES = 64 << 20
_PIECE_BYTES = 1 << 20


def begin_upload(
    server: Server,
    caller: Caller,
    *,
    filename: str,
    purpose: str,
    size_bytes: int,
    mime_type: str,
    expires_after_seconds: int | None = None,
) -> Record:
    """Return a new upload, which waits an hour for its parts."""
    caller.need("files")
    check_file(filename, purpose, expires_after_seconds)
    if not 0 < size_bytes <= MAX_BYTES:
        raise BadParameter("bytes", f"bytes is {size_bytes}; it must be 1 to {MAX_BYTES} (8 GB).")
    _expire(server)
    body = {
        "filename": filename,
        "purpose": purpose,
        "bytes": size_bytes,
        "mime_type": mime_type,
        "expires_after_seconds": expires_after_seconds,
        "expires_at": int(time.time()) + LASTS_SECONDS,
        "file": None,
    }
    upload = server.records(UPLOADS).add(f"upload_{uuid4().hex}", body, owner=caller.id, label="pending")
    audit(server.workspace, caller, Act.UPLOAD_CREATED, upload.id, purpose=purpose)
    return upload


def file_of(server: Server, caller: Caller, upload: Record) -> Record | None:
    """Return the file that came of an upload, `None` before it is complete."""
    caller.need("files")
    return server.records("file").find(upload.body["file"]) if upload.body["file"] else None


def add_part(server: Server, caller: Caller, upload_id: str, pieces: Iterable[bytes]) -> Record:
    """Return a new part of an upload; parts may come in any order and at once."""
    upload = _pending(server, caller, upload_id)
    part_id = f"part_{uuid4().hex}"
    blob = keep(server, _limited(pieces), user=part_id)
    n_bytes = sum(part.body["bytes"] for part in server.records(PARTS).all(parent=upload_id))
    if n_bytes + blob.size_bytes > upload.body["bytes"]:
        let_go(server, blob.sha256, user=part_id)
        raise BadParameter(
            "data",
            f"With this part the upload would have {n_bytes + blob.size_bytes} bytes; it was created for "
            f"{upload.body['bytes']}.",
        )
    body = {"sha256": blob.sha256, "bytes": blob.size_bytes}
    return server.records(PARTS).add(part_id, body, parent=upload_id, owner=caller.id)


def complete_upload(
    server: Server, caller: Caller, upload_id: str, part_ids: Sequence[str], *, checksum: str | None = None
) -> Record:
    """Return the upload with its file: the parts in this order, checked against size and MD5."""
    upload = _pending(server, caller, upload_id)
    known = {part.id: part for part in server.records(PARTS).all(parent=upload_id)}
    for part_id in part_ids:
        if part_id not in known:
            raise BadParameter("part_ids", f"The upload {upload_id} has no part {part_id!r}.")
    parts = [known[part_id] for part_id in part_ids]
    n_bytes = sum(part.body["bytes"] for part in parts)
    if n_bytes != upload.body["bytes"]:
        raise BadParameter(
            "part_ids",
            f"These parts have {n_bytes} bytes in total; the upload was created for {upload.body['bytes']}.",
        )
    digest = md5(usedforsecurity=False)
    if checksum is not None:
        for piece in _pieces(server, parts):
            digest.update(piece)
        if digest.hexdigest() != checksum.lower():
            raise BadParameter("md5", f"The MD5 of the parts is {digest.hexdigest()}, not {checksum}.")
    body = upload.body
    file = keep_file(
        server, _pieces(server, parts), filename=body["filename"], purpose=body["purpose"],
        owner=upload.owner, expires_after_seconds=body["expires_after_seconds"],
    )  # fmt: skip
    try:
        done = _end(server, upload, "completed", file=file.id)
    except UserError:
        remove_file(server, file)  # completed or cancelled by somebody else meanwhile
        raise
    _drop_parts(server, upload_id)
    audit(server.workspace, caller, Act.UPLOAD_COMPLETED, upload_id, file=file.id)
    return done


def cancel_upload(server: Server, caller: Caller, upload_id: str) -> Record:
    """Return the upload without its parts; none can be added from here on."""
    cancelled = _end(server, _pending(server, caller, upload_id), "cancelled")
    _drop_parts(server, upload_id)
    audit(server.workspace, caller, Act.UPLOAD_CANCELLED, upload_id)
    return cancelled


def _pending(server: Server, caller: Caller, upload_id: str) -> Record:
    caller.need("files")
    _expire(server)
    upload = server.records(UPLOADS).find(upload_id, owner=owner_of(caller))
    if upload is None:
        raise NotFound(f"No such Upload object: {upload_id}")
    if upload.label != "pending":
        raise UserError(f"The upload {upload_id} is {upload.label}, not pending.", hint="Create a new one.")
    return upload


def _end(server: Server, upload: Record, state: str, **changes: Any) -> Record:
    """Put an upload that is pending into its last state; raise `UserError` where it is not any more."""

    def how(body: dict[str, Any]) -> dict[str, Any]:
        if body.get("state"):
            raise UserError(f"The upload {upload.id} is {body['state']}, not pending.")
        return body | changes | {"state": state}

    return server.records(UPLOADS).change(upload.id, how, label=state)


def _expire(server: Server) -> None:
    """Let uploads go that have waited too long for their parts."""
    for upload in server.records(UPLOADS).all(label="pending"):
        if upload.body["expires_at"] <= time.time():
            _end(server, upload, "expired")
            _drop_parts(server, upload.id)


def _drop_parts(server: Server, upload_id: str) -> None:
    for part in server.records(PARTS).all(parent=upload_id):
        let_go(server, part.body["sha256"], user=part.id)
    server.records(PARTS).remove_all(parent=upload_id)


def _pieces(server: Server, parts: Iterable[Record]) -> Iterator[bytes]:
    for part in parts:
        with server.blobs.path(part.body["sha256"]).open("rb") as file:
            yield from iter(lambda: file.read(_PIECE_BYTES), b"")


def _limited(pieces: Iterable[bytes]) -> Iterator[bytes]:
    n_bytes = 0
    for piece in pieces:
        n_bytes += len(piece)
        if n_bytes > MAX_PART_BYTES:
            raise BadParameter("data", f"A part can have at most {MAX_PART_BYTES >> 20} MB.")
        yield piece
