"""Files of the documents folder to documents: what is new or changed is read, one bad file is named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lorewright.documents import Document, DocumentReader, DocumentState, ReadingReport
from lorewright.documents.files import printable, why_no_file
from lorewright.documents.kinds import has_ocr
from lorewright.documents.reading_records import ReadingReports
from lorewright.errors import LorewrightError, UnreadableDocument, known_error
from lorewright.progress import Progress
from lorewright.whole_files import sha256_of
from lorewright.workspace.documents.former_versions import keep_text, prune_texts
from lorewright.workspace.documents.read_on_nodes import is_sent, read_on_nodes
from lorewright.workspace.documents.reader import Outcome, document_reader
from lorewright.workspace.documents.site_frames import SiteFrames
from lorewright.workspace.documents.unreadable import UnreadFiles
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import Cluster


@dataclass(kw_only=True)
class Added:
    """What a call to `add` changed; `unreadable` maps a document's id to the reason.

    `notices` say what documents that were read lack of their files, by the document's id; `n_by_words`
    documents of all are found by their words alone, because no embedding model here is for their language:
    `advice` says what to do about it.
    """

    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_removed: int = 0
    n_chunks: int = 0
    n_by_words: int = 0
    advice: str = ""
    seconds: float = 0.0
    unreadable: dict[str, str] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)


def document_id(workspace: Workspace, path: Path) -> str:
    """Return the id of the document in a file of the documents folder."""
    # Not resolved: a link inside the folder is a document of it, wherever it points.
    return path.relative_to(workspace.documents_folder).as_posix()


def read_files(
    workspace: Workspace,
    files: Iterable[Path],
    added: Added,
    progress: Progress,
    cluster: Cluster | None = None,
) -> None:
    """Read every file whose bytes are not those of the document we hold; where there is a cluster, there."""
    files = list(files)
    ids = [printable(document_id(workspace, path)) for path in files]
    states, failed = workspace.documents.states_of(ids), UnreadFiles(workspace.database).all()
    waiting = _waiting(workspace, files, states, failed, added)
    frames = SiteFrames(workspace)
    reports = ReadingReports(workspace.database)
    n_replaced = 0
    with document_reader(workspace.settings.documents) as reader:

        def read(name: str) -> Document:
            return reader.read(workspace.documents_folder / name, document_id=name)

        again = frames.measure(lambda: workspace.documents.states().keys(), waiting.keys(), read)
        states |= workspace.documents.states_of(again)
        waiting |= {name: workspace.documents_folder / name for name in again}
        progress(0, len(waiting))
        outcomes = _outcomes(workspace, reader, frames, waiting, cluster)
        for done, (name, outcome) in enumerate(outcomes, start=1):
            progress(done, len(waiting))
            if not isinstance(outcome, tuple):
                _miss(workspace, added, name, waiting[name], outcome)
                continue
            document, file_hash = outcome
            if name in failed:
                UnreadFiles(workspace.database).forget(name)
            document = frames.own(document)
            if name in states and states[name].text_hash != document.text_hash:
                keep_text(workspace, workspace.documents.get(name))
                n_replaced += 1
            kind = workspace.documents.save(document, file_hash=file_hash)
            reports.note(name, document.report)
            if document.report.notices:
                added.notices.setdefault(name, []).extend(document.report.notices)
            added.n_new += kind == "new"
            added.n_changed += kind == "changed"
            added.n_unchanged += kind == "unchanged"
    if n_replaced:
        prune_texts(workspace)


def _outcomes(
    workspace: Workspace,
    reader: DocumentReader,
    frames: SiteFrames,
    waiting: Mapping[str, Path],
    cluster: Cluster | None,
) -> Iterator[tuple[str, Outcome]]:
    """Yield what becomes of every file: first of those that are read elsewhere, then of the others."""
    left = dict(waiting)
    if cluster is not None:
        sent = {name: path for name, path in left.items() if is_sent(path) and not frames.is_held(name)}
        for name, outcome in read_on_nodes(cluster, workspace.settings.documents, sent):
            del left[name]
            yield name, outcome
    for name, path in left.items():
        yield name, _outcome(reader, frames, path, name)


def _outcome(reader: DocumentReader, frames: SiteFrames, path: Path, name: str) -> Outcome:
    try:
        return _read(reader, frames, path, name)
    except (UnreadableDocument, OSError) as error:
        return error


def miss(workspace: Workspace, added: Added, name: str, error: LorewrightError, file_hash: str = "") -> None:
    """Name a file that could not be read; the others go on."""
    added.unreadable[name] = str(error)
    UnreadFiles(workspace.database).note(name, file_hash, error)


def _miss(workspace: Workspace, added: Added, name: str, path: Path, error: Exception) -> None:
    if isinstance(error, OSError) and known_error(error):
        raise error  # a full disk is no fault of this file
    try:
        file_hash = sha256_of(path)
    except OSError:
        file_hash = ""
    if isinstance(error, OSError):
        error = UnreadableDocument(f"{path.name} cannot be read: {why_no_file(path) or error.strerror}.")
    if isinstance(error, LorewrightError):
        miss(workspace, added, name, error, file_hash)


def _waiting(
    workspace: Workspace,
    files: Iterable[Path],
    states: Mapping[str, DocumentState],
    failed: Mapping[str, object],
    added: Added,
) -> dict[str, Path]:
    """Return the files to read, by the ids of their documents; what is no file is named."""
    reports = ReadingReports(workspace.database).all() if has_ocr() else {}
    waiting: dict[str, Path] = {}
    for path in files:
        name = printable(document_id(workspace, path))
        reason = why_no_file(path)
        if reason:
            error = UnreadableDocument(f"{printable(path.name)} cannot be read: {reason}.")
            miss(workspace, added, name, error)
            continue
        if name in states and not reports.get(name, ReadingReport()).unread_pages:
            try:
                is_same = sha256_of(path) == states[name].file_hash
            except OSError:
                is_same = False  # whoever reads it names the reason
            if is_same:
                added.n_unchanged += 1
                if name in failed:
                    UnreadFiles(workspace.database).forget(name)
                continue
        waiting[name] = path
    return waiting


def _read(reader: DocumentReader, frames: SiteFrames, path: Path, name: str) -> tuple[Document, str]:
    """Return a file's document and the hash of the bytes it was read from; one that changes is read again."""
    for _ in range(3):
        before = path.stat()
        file_hash = sha256_of(path)
        document = frames.held(name) or reader.read(path, document_id=name)
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
            return document, file_hash
    raise UnreadableDocument(
        f"{path.name} cannot be read: it is still being written.", hint="Add it again when it is complete."
    )
