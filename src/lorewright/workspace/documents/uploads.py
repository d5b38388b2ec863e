"""Files that clients bring in as documents: all at once, or one of any size as it comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.jobs import Job
from lorewright.workspace.documents.files import (
    Pieces,
    begin_file,
    check_file,
    document_path,
    id_of,
    replace_document_file,
    start_adding,
    write_file,
)
from lorewright.workspace.documents.former_versions import keep_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_place
from lorewright.workspace.jobs.orders import audit_start
from lorewright.workspace.server.server import Server


def upload_documents(
    server: Server,
    caller: Caller,
    files: Iterable[tuple[str, Pieces]],
    *,
    under: str = "",
    is_replacing: bool = False,
) -> tuple[list[str], Job]:
    """Return the ids that uploaded files have as documents, and the job that reads and indexes them.

    `files` are names and bytes, `under` is the folder they go to. Raises `BadParameter` for a name
    that leads out of the documents folder or that no reader reads, and `InUse` for one that is taken
    unless `is_replacing`: then nothing of the upload is kept.
    """
    caller.need("documents")
    workspace = server.workspace
    named = [
        (document_path(workspace, f"{under}/{name}" if under else name), pieces) for name, pieces in files
    ]
    if not named:
        raise BadParameter("file", "The request contains no file.")
    need_place(workspace, caller, (id_of(workspace, path) for path, _ in named))
    for path, _ in named:
        check_file(workspace, path, is_replacing=is_replacing)
    for path, pieces in named:
        keep_file(workspace, id_of(workspace, path), path)
        write_file(path, pieces)
    ids = [id_of(workspace, path) for path, _ in named]
    _note(server, caller, ids)
    return ids, start_adding(server, caller, ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class BegunUpload:
    """A document whose bytes come piece by piece: they grow in `unfinished`, which is not there yet."""

    document_id: str
    path: Path
    unfinished: Path


def begin_document(
    server: Server, caller: Caller, document_id: str, *, is_replacing: bool = False
) -> BegunUpload:
    """Return where the bytes of a document may grow until they are all there."""
    caller.need("documents")
    path = document_path(server.workspace, document_id)
    need_place(server.workspace, caller, [id_of(server.workspace, path)])
    check_file(server.workspace, path, is_replacing=is_replacing)
    return BegunUpload(document_id=id_of(server.workspace, path), path=path, unfinished=begin_file(path))


def finish_document(server: Server, caller: Caller, upload: BegunUpload) -> None:
    """Make what was begun the file of its document; the file before it is kept with its version."""
    caller.need("documents")
    need_place(server.workspace, caller, [upload.document_id])
    replace_document_file(server.workspace, upload.unfinished, upload.path)
    _note(server, caller, [upload.document_id])


def read_again(server: Server, caller: Caller, document_ids: Iterable[str]) -> Job:
    """Return the job that reads and indexes these files of the documents folder."""
    caller.need("documents")
    named = list(document_ids)
    need_place(server.workspace, caller, named)
    job = start_adding(server, caller, named)
    audit_start(server.workspace, caller, job)
    return job


def _note(server: Server, caller: Caller, ids: Sequence[str]) -> None:
    audit(server.workspace, caller, Act.DOCUMENT_CREATED, ", ".join(ids), n=len(ids))
