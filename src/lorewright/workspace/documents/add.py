"""Documents in: read what is new or changed, index it, and let go of what is gone."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.documents.files import scan_folder
from lorewright.errors import UnreadableDocument, UserError
from lorewright.jobs import Steps
from lorewright.progress import Progress
from lorewright.workspace.documents.bring_in import bring_in
from lorewright.workspace.documents.files import clear_unfinished, forget
from lorewright.workspace.documents.indexing import indexed
from lorewright.workspace.documents.read_files import Added, document_id, miss, read_files
from lorewright.workspace.documents.rebuild import rebuild
from lorewright.workspace.documents.unreadable import UnreadFiles
from lorewright.workspace.domain.other_languages import advice
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import Cluster
from lorewright.workspace.jobs.named_cluster import cluster_of


def add(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Bring documents in and return what changed, as JSON.

    The order holds `paths` (files and folders; those outside the domain are copied into its
    documents folder), `is_sync` (look at the whole documents folder and remove the documents of
    deleted files, also of those that a folder of `paths` held before) and maybe
    `is_rebuild` (build the index again first, as the settings are now, and read every file again, as
    this release reads it) and `on` (the address of a
    cluster whose nodes read, cut and embed; whatever is written is written here).
    Interrupted anywhere, it continues when called again: what is read and indexed is not redone.
    """
    with cluster_of(order) as cluster:
        return _add(workspace, order, steps, cluster)


def _add(
    workspace: Workspace, order: Mapping[str, Any], steps: Steps, cluster: Cluster | None
) -> dict[str, Any]:
    started = time.perf_counter()
    added = Added()
    if order["is_sync"]:
        _need_folder(workspace)
    files = bring_in(
        workspace, order["paths"], added, is_sync=order["is_sync"], progress=steps.progress("fetching")
    )
    if order.get("is_rebuild"):
        again = steps.progress("indexing again")
        added.n_chunks = int(steps.once("rebuild", lambda: rebuild(workspace, again, cluster)))
        steps.once("files forgotten", workspace.documents.forget_file_hashes)
        reconcile(workspace)
    if order["is_sync"]:
        clear_unfinished(workspace)
        reconcile(workspace)
        files = _all_files(workspace, added)
        _let_go(workspace, files, added)
    read_files(workspace, files, added, steps.progress("reading"), cluster)
    _index(workspace, added, steps.progress("indexing"), cluster)
    added.n_by_words = len(workspace.collection.found_by_words())
    added.advice = advice(workspace, added.n_by_words)
    added.seconds = time.perf_counter() - started
    return asdict(added)


def sync_documents(
    workspace: Workspace, caller: Caller, steps: Steps, cluster: Cluster | None = None
) -> None:
    """Add what is new in the documents folder, as the first step of a longer job.

    It tells of the documents that the caller may read.
    """
    added = _add(workspace, {"paths": [], "is_sync": True}, steps, cluster)
    steps.once("add", lambda: added)
    allowed = readable(workspace, caller)
    changed = f"{added['n_new']} new, {added['n_changed']} changed, {added['n_removed']} removed"
    changes = f" ({changed})" if allowed.is_all else ""
    steps.say(f"Documents: {workspace.documents.count(allowed)}{changes}.")
    for name, reason in added["unreadable"].items():
        if allowed.holds(name):
            steps.say(f"Not read: {name}: {reason}")
    for name, notices in added["notices"].items():
        if allowed.holds(name):
            steps.say(f"Read in part: {name}: {'; '.join(notices)}")


def _need_folder(workspace: Workspace) -> None:
    """Raise `UserError` where the folder of documents that are known is gone: a drive may not be there."""
    if not workspace.documents_folder.is_dir() and workspace.documents.states():
        raise UserError(
            f"{workspace.documents_folder.name}/ is missing, so nothing was removed.",
            hint="A drive may not be mounted. To remove all documents, leave an empty folder of that name.",
        )


def _all_files(workspace: Workspace, added: Added) -> list[Path]:
    """Return every file of the documents folder; what else lies there is named."""
    scan = scan_folder(workspace.documents_folder)
    for name, reason in scan.unreadable.items():
        miss(workspace, added, name, UnreadableDocument(f"{name} cannot be read: {reason}."))
    return list(scan.files)


def _let_go(workspace: Workspace, files: Iterable[Path], added: Added) -> None:
    """Remove every document whose file is gone."""
    kept = {document_id(workspace, path) for path in files}
    removed = [known for known in workspace.documents.states() if known not in kept]
    forget(workspace, removed)
    for known in UnreadFiles(workspace.database).all():
        if known not in kept and known not in added.unreadable:
            UnreadFiles(workspace.database).forget(known)
    added.n_removed = len(removed)


def _index(workspace: Workspace, added: Added, progress: Progress, cluster: Cluster | None) -> None:
    """Index every document whose text is not the one the index holds."""
    n_characters = workspace.documents.n_characters_to_index()
    if n_characters == 0:
        return
    done = 0
    waiting = workspace.documents.to_index()
    for batch, n_chunks in indexed(workspace, workspace.collection, waiting, cluster):
        workspace.documents.mark_indexed({document.id: document.text_hash for document in batch})
        added.n_chunks += n_chunks
        done += sum(len(document.text) for document in batch)
        progress(min(done, n_characters), n_characters)
    workspace.collection.tidy()


def reconcile(workspace: Workspace) -> int:
    """Make the index hold what the database holds, and return how many documents it had wrong.

    The database is the truth: what the index misses is marked to be indexed again, what it has
    too much is removed. Cheap enough for every start of a job.
    """
    indexed = workspace.collection.text_hashes()
    states = workspace.documents.states()
    extra = [known for known in indexed if known not in states]
    if extra:
        workspace.collection.remove(extra)
    wrong = {
        name: indexed.get(name, "")
        for name, state in states.items()
        if indexed.get(name, "") != state.indexed_hash
    }
    if wrong:
        workspace.documents.mark_indexed(wrong)
    return len(extra) + len(wrong)
