"""How the documents folder and the index stand to each other, file by file."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from lorewright.access import Caller
from lorewright.documents import DocumentOutline, ReadingReport, find_files
from lorewright.documents.reading_records import ReadingReports
from lorewright.whole_files import sha256_of
from lorewright.workspace.documents.unreadable import UnreadFile, UnreadFiles
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

State = Literal["indexed", "waiting", "changed", "failed", "removed"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFile:
    """A file of the documents folder and what is known of it.

    `indexed`: found as it is on disk; `changed`: found as it was before; `waiting`: not found yet;
    `failed`: it could not be read, for a `reason`; `removed`: found, though its file is gone.
    A document that lacks something of its file has a `reason` too.
    """

    id: str
    state: State
    title: str
    media_type: str = ""
    reason: str = ""
    size_bytes: int = 0
    changed_at: float = 0.0
    n_characters: int = 0
    n_versions: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is a document of it to read."""
        return self.n_versions > 0


def document_files(workspace: Workspace, caller: Caller) -> list[DocumentFile]:
    """Return every file and every known document in the order of ids; none for who may not see them."""
    caller.need("read")
    allowed = readable(workspace, caller)
    if allowed.is_nothing:
        return []
    known, failed = workspace.documents.outlines(), UnreadFiles(workspace.database).all()
    reports = ReadingReports(workspace.database).all()
    folder = workspace.documents_folder
    paths = {path.relative_to(folder).as_posix(): path for path in find_files(folder)}
    present = [
        _file(name, path, known.get(name), failed.get(name), reports.get(name))
        for name, path in paths.items()
        if allowed.holds(name)
    ]
    gone = {name: outline for name, outline in known.items() if name not in paths and allowed.holds(name)}
    removed = [_removed_file(outline) for outline in gone.values()]
    return sorted([*present, *removed], key=lambda file: file.id)


def find_document_file(workspace: Workspace, caller: Caller, document_id: str) -> DocumentFile | None:
    """Return one file with its state, or `None` where there is neither file nor document."""
    return next((file for file in document_files(workspace, caller) if file.id == document_id), None)


def counts_of(files: Iterable[DocumentFile]) -> dict[State, int]:
    """Return how many files are in which state."""
    counts = dict.fromkeys(STATES, 0)
    for file in files:
        counts[file.state] += 1
    return counts


def file_hash_of(path: Path) -> str:
    """Return the hash of a file's bytes; a file that did not change is not read again."""
    stat = path.stat()
    return _hash(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _file(
    name: str,
    path: Path,
    known: DocumentOutline | None,
    failed: UnreadFile | None,
    report: ReadingReport | None,
) -> DocumentFile:
    try:
        stat, file_hash = path.stat(), file_hash_of(path)
    except OSError as error:  # gone in between, or not for us to read
        return DocumentFile(id=name, state="failed", title=Path(name).name, reason=str(error.strerror))
    state: State = "waiting"
    if failed is not None and failed.file_hash == file_hash:
        state = "failed"
    elif known is not None:
        is_indexed = known.state.indexed_hash == known.state.text_hash
        state = "changed" if known.state.file_hash != file_hash else "indexed" if is_indexed else "waiting"
    return DocumentFile(
        id=name,
        state=state,
        title=known.title if known else Path(name).name,
        media_type=known.media_type if known else "",
        reason=failed.reason if failed and state == "failed" else "; ".join(report.notices) if report else "",
        size_bytes=stat.st_size,
        changed_at=stat.st_mtime,
        n_characters=known.n_characters if known else 0,
        n_versions=known.n_versions if known else 0,
    )


def _removed_file(outline: DocumentOutline) -> DocumentFile:
    return DocumentFile(
        id=outline.id, state="removed", title=outline.title, media_type=outline.media_type,
        changed_at=outline.updated_at, n_characters=outline.n_characters, n_versions=outline.n_versions,
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _hash(path: Path, _size: int, _changed: int, _inode: int) -> str:
    return sha256_of(path)
