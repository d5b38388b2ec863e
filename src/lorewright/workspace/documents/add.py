"""Documents in: read what is new or changed, index it, and let go of what is gone."""

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lorewright.documents import Document, DocumentReader, find_files
from lorewright.errors import UnreadableDocument
from lorewright.jobs import Steps
from lorewright.progress import Progress
from lorewright.storage.whole_files import sha256_of, unfinished_file
from lorewright.workspace.documents.files import clear_unfinished, forget
from lorewright.workspace.documents.former_versions import keep_few, keep_text
from lorewright.workspace.documents.rebuild import rebuild
from lorewright.workspace.documents.unreadable import forget_unread, note_unread, unread
from lorewright.workspace.domain.workspace import Workspace

BATCH_BYTES = 256 * 1024


@dataclass(kw_only=True)
class Added:
    """What a call to `add` changed; `unreadable` maps a document's id to the reason."""

    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_removed: int = 0
    n_chunks: int = 0
    seconds: float = 0.0
    unreadable: dict[str, str] = field(default_factory=dict)


def add(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Bring documents in and return what changed, as JSON.

    The order holds `paths` (files and folders; those outside the domain are copied into its
    documents folder), `is_sync` (look at the whole documents folder and let deleted ones go) and maybe
    `is_rebuild` (build the index anew first, as the settings are now).
    Interrupted anywhere, it continues when called again: what is read and indexed is not redone.
    """
    begun = time.perf_counter()
    added = Added()
    files = _bring_in(workspace, [Path(path) for path in order["paths"]])
    if order.get("is_rebuild"):
        added.n_chunks = int(
            steps.once("rebuild", lambda: rebuild(workspace, steps.progress("indexing anew")))
        )
        reconcile(workspace)
    if order["is_sync"]:
        clear_unfinished(workspace)
        reconcile(workspace)
        files = find_files(workspace.documents_folder)
        _let_go(workspace, files, added)
    _read(workspace, files, added, steps.progress("reading"))
    _index(workspace, added, steps.progress("indexing"))
    added.seconds = time.perf_counter() - begun
    return asdict(added)


def bring_up_to_date(workspace: Workspace, steps: Steps) -> None:
    """Add what is new in the documents folder, as the first step of a longer job."""
    added = add(workspace, {"paths": [], "is_sync": True}, steps)
    steps.once("add", lambda: added)
    steps.say(
        f"Documents: {workspace.documents.count()} "
        f"({added['n_new']} new, {added['n_changed']} changed, {added['n_removed']} removed)."
    )
    for name, reason in added["unreadable"].items():
        steps.say(f"Not read: {name}: {reason}")


def _bring_in(workspace: Workspace, paths: Iterable[Path]) -> list[Path]:
    """Return the files behind `paths` inside the documents folder; those outside are copied there."""
    inside = workspace.documents_folder
    inside.mkdir(exist_ok=True)
    files: list[Path] = []
    for path in paths:
        # A link to a file stays a link: it is a document under its own name, wherever it points.
        found = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
        if not found.exists():
            raise UnreadableDocument(f"There is no file or folder {path}.", hint="Check the path.")
        for source in find_files(found) if found.is_dir() else [found]:
            if source.is_relative_to(inside):
                files.append(source)
                continue
            name = source.relative_to(found.parent) if found.is_dir() else Path(source.name)
            files.append(_copy(source, inside / name))
    return files


def _copy(source: Path, target: Path) -> Path:
    with unfinished_file(target) as unfinished:
        shutil.copyfile(source, unfinished)
    return target


def _let_go(workspace: Workspace, files: Iterable[Path], added: Added) -> None:
    """Remove every document whose file is gone."""
    kept = {document_id(workspace, path) for path in files}
    gone = [known for known in workspace.documents.states() if known not in kept]
    forget(workspace, gone)
    for known in unread(workspace):
        if known not in kept:
            forget_unread(workspace, known)
    added.n_removed = len(gone)


def document_id(workspace: Workspace, path: Path) -> str:
    """Return the id of the document in a file of the documents folder."""
    # Not resolved: a link inside the folder is a document of it, wherever it points.
    return path.relative_to(workspace.documents_folder).as_posix()


def _read(workspace: Workspace, files: list[Path], added: Added, progress: Progress) -> None:
    """Read every file whose bytes are not those of the document we hold."""
    states, failed = workspace.documents.states(), unread(workspace)
    n_replaced = 0
    with DocumentReader(readers=workspace.settings.documents.readers) as reader:
        for done, path in enumerate(files):
            progress(done, len(files))
            name, file_hash = document_id(workspace, path), sha256_of(path)
            if name in states and states[name].file_hash == file_hash:
                added.n_unchanged += 1
                if name in failed:
                    forget_unread(workspace, name)
                continue
            try:
                document = reader.read(path, document_id=name)
            except UnreadableDocument as error:
                added.unreadable[name] = str(error)
                note_unread(workspace, name, file_hash, error)
                continue
            if name in failed:
                forget_unread(workspace, name)
            if name in states and states[name].text_hash != document.text_hash:
                keep_text(workspace, workspace.documents.get(name))
                n_replaced += 1
            kind = workspace.documents.save(document, file_hash=file_hash)
            added.n_new += kind == "new"
            added.n_changed += kind == "changed"
            added.n_unchanged += kind == "unchanged"
    progress(len(files), len(files))
    if n_replaced:
        keep_few(workspace)


def _index(workspace: Workspace, added: Added, progress: Progress) -> None:
    """Index every document whose text is not the one the index holds."""
    n_characters = workspace.documents.n_characters_to_index()
    if n_characters == 0:
        return
    done = 0
    for batch in _batches(workspace.documents.to_index()):
        written = workspace.collection.add(batch)
        workspace.documents.mark_indexed({document.id: document.text_hash for document in batch})
        added.n_chunks += written.n_chunks
        done += sum(len(document.text) for document in batch)
        progress(min(done, n_characters), n_characters)
    workspace.collection.compact()


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    """Yield documents in batches: a kill loses at most one, an index write pays for all of it."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def reconcile(workspace: Workspace) -> int:
    """Make the index hold what the database holds, and return how many documents it had wrong.

    The database is the truth: what the index misses is marked to be indexed again, what it has
    too much is removed. Cheap enough for every start of a job.
    """
    held = workspace.collection.text_hashes()
    states = workspace.documents.states()
    extra = [known for known in held if known not in states]
    if extra:
        workspace.collection.remove(extra)
    wrong = {
        name: held.get(name, "") for name, state in states.items() if held.get(name, "") != state.indexed_hash
    }
    if wrong:
        workspace.documents.mark_indexed(wrong)
    return len(extra) + len(wrong)
