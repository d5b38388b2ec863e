"""Files of clients: their bytes, what they are for, and who still needs them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, InUse, NotFound
from lorewright.registry import import_target
from lorewright.storage import Order, Page, Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.shared_blobs import keep, let_go
from lorewright.workspace.server.visible_records import owner_of

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
"""What clients may upload files for; others come out of our own work."""
OUTPUTS = ("assistants_output", "batch_output", "fine-tune-results")
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "batch": (".jsonl",),
    "fine-tune": (".jsonl",),
    "evals": (".jsonl",),
    "vision": (".png", ".jpg", ".jpeg", ".gif", ".webp"),
}
"""What the name of a file must end in, by its purpose; the other purposes take any."""
BATCH_DAYS = 30
MAX_NAME_BYTES = 200

USERS: Mapping[str, str] = {
    "fine-tuning job": "lorewright.workspace.openai.fine_tuning.jobs:jobs_with",
    "vector store": "lorewright.workspace.collections.store_files:stores_with",
    "batch": "lorewright.workspace.openai.batches.batches:batches_with",
}
"""By what may need a file: `module:function`, called as `(server, file_id)` for the ids of those that do."""


def upload_file(
    server: Server,
    caller: Caller,
    pieces: Iterable[bytes],
    *,
    filename: str,
    purpose: str,
    expires_after_seconds: int | None = None,
) -> Record:
    """Return the file that a client sends, kept; raise `BadParameter` for what cannot serve its purpose."""
    caller.need("files")
    check_file(filename, purpose, expires_after_seconds)
    kept = keep_file(
        server,
        pieces,
        filename=filename,
        purpose=purpose,
        owner=caller.id,
        expires_after_seconds=expires_after_seconds,
    )
    audit(server.workspace, caller, Act.FILE_CREATED, kept.id, purpose=purpose)
    return kept


def keep_file(
    server: Server,
    pieces: Iterable[bytes],
    *,
    filename: str,
    purpose: str,
    owner: str,
    expires_after_seconds: int | None = None,
) -> Record:
    """Return a new file with these bytes, also of the purposes that only our own work makes.

    Its body holds `filename`, `bytes`, `purpose`, `sha256`, `status` and `expires_at`.
    """
    file_id = f"file-{uuid4().hex}"
    blob = keep(server, pieces, user=file_id)
    if blob.size_bytes == 0:
        let_go(server, blob.sha256, user=file_id)
        raise BadParameter("file", f"{filename!r} is empty.")
    if expires_after_seconds is None and purpose == "batch":
        expires_after_seconds = BATCH_DAYS * 86_400
    expires_at = int(time.time()) + expires_after_seconds if expires_after_seconds else None
    body = {
        "filename": _plain(filename),
        "bytes": blob.size_bytes,
        "purpose": purpose,
        "sha256": blob.sha256,
        "status": "processed",
        "expires_at": expires_at,
    }
    if expires_at:
        server.records("expiry").add(f"expiry_{file_id}", {"file": file_id, "at": expires_at})
    return server.records("file").add(file_id, body, owner=owner, label=purpose)


def check_file(filename: str, purpose: str, expires_after_seconds: int | None) -> None:
    """Raise `BadParameter` where a file of this name cannot serve its purpose."""
    if purpose not in PURPOSES:
        raise BadParameter("purpose", f"purpose is {purpose!r}; it must be one of: {', '.join(PURPOSES)}.")
    suffixes = SUFFIXES.get(purpose)
    if suffixes and Path(filename).suffix.lower() not in suffixes:
        raise BadParameter(
            "file", f"Files for {purpose} must end in {', '.join(suffixes)}; this is {filename!r}."
        )
    if expires_after_seconds is not None and not 3600 <= expires_after_seconds <= 2_592_000:
        raise BadParameter(
            "expires_after[seconds]",
            f"expires_after[seconds] is {expires_after_seconds}; it must be 3600 to 2592000 (30 days).",
        )


def list_files(
    server: Server,
    caller: Caller,
    *,
    purpose: str | None = None,
    limit: int = 10_000,
    after: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the files that a key may see: its own, or all for an administrator."""
    caller.need("files")
    remove_expired(server)
    if after:
        own_file(server, caller, after)
    owner = owner_of(caller)
    return server.records("file").page(owner=owner, label=purpose, limit=limit, after=after, order=order)


def find_file(server: Server, caller: Caller, file_id: str) -> Record:
    """Return a file; raise `NotFound` for one that is not there, over, or another key's."""
    caller.need("files")
    return own_file(server, caller, file_id)


def content_of(server: Server, caller: Caller, file_id: str) -> tuple[Record, Path]:
    """Return a file, and where its bytes lie."""
    file = find_file(server, caller, file_id)
    return file, path_of(server, file)


def own_file(server: Server, caller: Caller, file_id: str) -> Record:
    """Return a file that a caller may use, asked for the right to the work it is needed for."""
    file = server.records("file").find(file_id, owner=owner_of(caller))
    is_over = file is not None and (file.body["expires_at"] or float("inf")) <= time.time()
    if file is None or is_over:
        raise NotFound(f"No such File object: {file_id}")
    return file


def path_of(server: Server, file: Record) -> Path:
    """Return where the bytes of a file lie."""
    return server.blobs.path(str(file.body["sha256"]))


def delete_file(server: Server, caller: Caller, file_id: str) -> None:
    """Remove a file and its bytes; raise `InUse` naming what still needs it."""
    caller.need("files")
    file = own_file(server, caller, file_id)
    needed = list(users_of(server, file_id))
    if needed:
        raise InUse(
            f"The file {file_id} is in use by {', '.join(needed[:3])}{' and others' if needed[3:] else ''}.",
            hint="Remove it there first.",
        )
    remove_file(server, file)
    audit(server.workspace, caller, Act.FILE_REMOVED, file_id)


def users_of(server: Server, file_id: str) -> Iterator[str]:
    """Yield what needs a file, as 'vector store vs_...'."""
    for what, place in USERS.items():
        find: Callable[[Server, str], Iterable[str]] = import_target(place)
        for user in find(server, file_id):
            yield f"{what} {user}"


def remove_file(server: Server, file: Record) -> None:
    """Remove a file with its bytes, whoever needs it."""
    server.records("file").remove(file.id)
    let_go(server, str(file.body["sha256"]), user=file.id)
    if server.records("expiry").find(f"expiry_{file.id}"):
        server.records("expiry").remove(f"expiry_{file.id}")


def remove_expired(server: Server) -> None:
    """Remove the files whose time is over."""
    for expiry in server.records("expiry").all():
        if expiry.body["at"] > time.time():
            continue
        file = server.records("file").find(expiry.body["file"])
        if file is not None:
            remove_file(server, file)
        else:
            server.records("expiry").remove(expiry.id)


def _plain(filename: str) -> str:
    """Return the name without folders and what no file system takes, its suffix kept."""
    name = "".join(character for character in filename if character.isprintable())
    name = name.replace("\\", "/").rpartition("/")[2].strip(". ") if name.strip("./\\ ") else "file"
    suffix = Path(name).suffix[:20]
    stem = name.removesuffix(suffix).encode()[: MAX_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix
