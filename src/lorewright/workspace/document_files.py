"""Files of clients into the documents folder, and out of it."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from uuid import uuid4

from lorewright.documents import is_readable
from lorewright.errors import BadParameter, InUse
from lorewright.jobs import Job
from lorewright.workspace.document_list import no_document
from lorewright.workspace.home import Home
from lorewright.workspace.workspace import Workspace

Pieces = Iterable[bytes]


def upload_documents(
    home: Home, files: Iterable[tuple[str, Pieces]], *, under: str = "", is_replacing: bool = False
) -> tuple[list[str], Job]:
    """Return the ids that uploaded files have as documents, and the job that reads and indexes them.

    `files` are names and bytes, `under` is the folder they go to. Raises `BadParameter` for a name
    that leads out of the documents folder or that no reader reads, and `InUse` for one that is taken
    unless `is_replacing`: then nothing of the upload is kept.
    """
    workspace = home.workspace
    named = [
        (document_path(workspace, f"{under}/{name}" if under else name), pieces) for name, pieces in files
    ]
    if not named:
        raise BadParameter("file", "There is no file in the request.")
    for path, _ in named:
        _check_file(workspace, path, is_replacing=is_replacing)
    for path, pieces in named:
        _write(path, pieces)
    # The upload makes it a job of its own: one that reads an older file already must not stand in.
    order = {"paths": [str(path) for path, _ in named], "is_sync": False, "upload": uuid4().hex}
    return [_id(workspace, path) for path, _ in named], home.start("add", order)


def delete_document(workspace: Workspace, document_id: str) -> None:
    """Remove a document with its file; it is found and cited no more."""
    known = document_id in workspace.documents.states()
    path = document_path(workspace, document_id)
    if not known and not path.is_file():
        raise no_document(document_id)
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder != workspace.documents_folder:
        with suppress(OSError):  # another document is in it
            folder.rmdir()
        folder = folder.parent
    if known:
        workspace.collection.remove([document_id])
        workspace.documents.remove(document_id)


def document_path(workspace: Workspace, name: str) -> Path:
    """Return the file of a document's id; raise `BadParameter` for one outside the documents folder."""
    asked = PurePosixPath(name.strip())
    parts = asked.parts
    is_plain = (
        parts
        and not asked.is_absolute()
        and not any(part.startswith((".", "~$")) or "\\" in part or not part.isprintable() for part in parts)
    )
    path = workspace.documents_folder.joinpath(*parts) if is_plain else workspace.folder
    inside = workspace.documents_folder.resolve()
    # A link inside the folder is a document of it, wherever it points; a linked folder is not.
    if not is_plain or not path.parent.resolve().is_relative_to(inside):
        raise BadParameter("file", f"{name!r} is no name for a document: give one like handbook/leave.pdf.")
    return path


def _check_file(workspace: Workspace, path: Path, *, is_replacing: bool) -> None:
    if not is_readable(path):
        raise BadParameter("file", f"No reader here reads {path.suffix or 'such'} files ({path.name}).")
    if path.exists() and not is_replacing:
        raise InUse(
            f"There is a document {_id(workspace, path)!r} already.",
            hint="Give another name, or say with replace=true that this is a new version of it.",
        )


def _write(path: Path, pieces: Pieces) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.partial")
    with unfinished.open("wb") as file:
        file.writelines(pieces)
    unfinished.replace(path)


def _id(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.documents_folder).as_posix()
