"""Files of clients into the documents folder, and out of it."""

import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from uuid import uuid4

from lorewright.access import Caller
from lorewright.access.caller import no_document
from lorewright.documents import is_readable
from lorewright.documents.reading_records import ReadingReports
from lorewright.errors import BadParameter, InUse
from lorewright.jobs import Job
from lorewright.workspace.documents.attributes import forget_attributes
from lorewright.workspace.documents.former_versions import (
    exclusive_texts,
    forget_files,
    forget_texts,
    keep_file,
)
from lorewright.workspace.documents.origins import Origins
from lorewright.workspace.documents.unreadable import UnreadFiles
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_document
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.orders import ordered_by
from lorewright.workspace.server.server import Server

Pieces = Iterable[bytes]
MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 1024
"""What file systems take for the name of one file or folder."""


def start_adding(server: Server, caller: Caller, document_ids: Iterable[str]) -> Job:
    """Return the job that reads and indexes these files of the documents folder, as a part of an act."""
    paths = [str(document_path(server.workspace, document_id)) for document_id in document_ids]
    # The upload makes it a job of its own: one that reads an older file already must not stand in.
    order = {"paths": paths, "is_sync": False, "upload": uuid4().hex}
    return server.start("add", ordered_by(caller, order))


def delete_document(workspace: Workspace, caller: Caller, document_id: str) -> None:
    """Remove a document with its file and its former versions; it is found and cited no more."""
    caller.need("documents")
    need_document(workspace, caller, document_id)
    known = workspace.documents.state(document_id) is not None
    path = document_path(workspace, document_id)
    if not known and not path.is_file():
        raise no_document(document_id)
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder != workspace.documents_folder:
        with suppress(OSError):  # another document is in it
            folder.rmdir()
        folder = folder.parent
    forget(workspace, [document_id])
    audit(workspace, caller, Act.DOCUMENT_REMOVED, document_id)


def forget(workspace: Workspace, document_ids: Collection[str]) -> None:
    """Let go of all that is known of documents: chunks, text, former texts, what people wrote on them."""
    states = workspace.documents.states_of(document_ids)
    known = [document_id for document_id in document_ids if document_id in states]
    if known:
        workspace.collection.remove(known)
    texts = exclusive_texts(workspace, document_ids)
    forget_texts(workspace, texts)
    forget_files(workspace, texts)
    for document_id in document_ids:
        workspace.documents.remove(document_id)
        forget_attributes(workspace, document_id)
        UnreadFiles(workspace.database).forget(document_id)
        ReadingReports(workspace.database).forget(document_id)
        Origins(workspace.database).forget(document_id)


def original_file(workspace: Workspace, caller: Caller, document_id: str) -> Path:
    """Return the file of a document; raise `NotFound` where there is none, or not for this caller."""
    caller.need("read")
    need_document(workspace, caller, document_id)
    try:
        path = document_path(workspace, document_id)
    except BadParameter as error:
        raise no_document(document_id) from error
    if not path.is_file() or not is_readable(path):
        raise no_document(document_id)
    return path


def document_path(workspace: Workspace, name: str) -> Path:
    """Return the file of a document's id; raise `BadParameter` for one outside the documents folder."""
    relative = PurePosixPath(name.strip())
    parts = relative.parts
    is_plain = (
        parts
        and not relative.is_absolute()
        and not any(part.startswith((".", "~$")) or "\\" in part or not part.isprintable() for part in parts)
    )
    is_plain = is_plain and all(len(part.encode()) <= MAX_NAME_BYTES for part in parts)
    is_plain = is_plain and len(name.encode()) <= MAX_PATH_BYTES
    path = workspace.documents_folder.joinpath(*parts) if is_plain else workspace.folder
    inside = workspace.documents_folder.resolve()
    # A link inside the folder is a document of it, wherever it points; a linked folder is not.
    if not is_plain or not path.parent.resolve().is_relative_to(inside):
        raise BadParameter("file", f"{name!r} is not a valid document name. Example: handbook/leave.pdf.")
    return path


def check_file(workspace: Workspace, path: Path, *, is_replacing: bool) -> None:
    """Raise `BadParameter` for a file that no reader reads, `InUse` for one that is there already."""
    if not is_readable(path):
        raise BadParameter("file", f"{path.suffix or 'such'} files are not supported ({path.name}).")
    if path.exists() and not is_replacing:
        raise InUse(
            f"A document {id_of(workspace, path)!r} already exists.",
            hint="Choose another name, or set replace=true to add a new version.",
        )


def write_file(path: Path, pieces: Pieces) -> None:
    """Write a file, whole or not at all; raise `BadParameter` where no file can be of that name."""
    unfinished = begin_file(path)
    try:
        with unfinished.open("wb") as file:
            file.writelines(pieces)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def replace_document_file(workspace: Workspace, unfinished: Path, path: Path) -> None:
    """Make what was begun the file of a document; the file before it is kept with its version."""
    keep_file(workspace, id_of(workspace, path), path)
    unfinished.replace(path)


def begin_file(path: Path) -> Path:
    """Return where the bytes of a file may grow until it takes its place; nobody takes it for a document."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise BadParameter("file", f"A folder named {path.name!r} already exists.")
    except OSError as error:
        raise BadParameter("file", f"{path.name!r} cannot be written: {error.strerror}.") from error
    return path.with_name(f".{uuid4().hex}.partial")


def clear_unfinished(workspace: Workspace, *, older_seconds: float = 86_400) -> None:
    """Remove what is left of files that were being written when their server was killed."""
    for path in workspace.documents_folder.rglob(".*.partial"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > older_seconds:
                path.unlink()


def id_of(workspace: Workspace, path: Path) -> str:
    """Return the id of the document in a file of the documents folder."""
    return path.relative_to(workspace.documents_folder).as_posix()
