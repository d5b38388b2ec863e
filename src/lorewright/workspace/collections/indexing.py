"""The files of a vector store, read and indexed: a job that goes on wherever it was stopped."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lorewright.documents import Document, DocumentReader, is_readable
from lorewright.errors import NotFound, UnreadableDocument
from lorewright.jobs import Job, Steps
from lorewright.knowledge import Collection
from lorewright.storage import Record
from lorewright.workspace.collections.files import path_of
from lorewright.workspace.collections.store_files import move
from lorewright.workspace.collections.stores import KIND, folder_of, open_store
from lorewright.workspace.documents.reader import document_reader
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

BATCH_BYTES = 256 * 1024
_LOADED_AT_ONCE = 256

Read = tuple[Record, Document]


def index_files(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Read and index every file in progress of the store `order["store"]`, take out what was detached.

    The state of each file says what is left to do: stopped anywhere, nothing that is indexed is
    read again. Returns how many files were read, as JSON.
    """
    store_id = order["store"]
    n_done = 0
    with (
        closing(Server(workspace.folder, workspace=workspace)) as server,
        document_reader(workspace.settings.documents) as reader,
    ):
        store = server.records(KIND).find(store_id)
        if store is None:
            shutil.rmtree(folder_of(server, store_id), ignore_errors=True)
            return {"n_files": 0}
        store = _renewed(server, store)
        collection = open_store(server, store_id, store.body)
        _take_up_outdated(server, store_id, collection)
        _sweep(server, store_id, collection)
        while waiting := _waiting(server, store_id):
            for batch in _batches(_read(server, reader, waiting)):
                _index(server, collection, batch)
                n_done += len(batch)
                steps.progress("indexing")(n_done, max(n_done, len(waiting)))
            _sweep(server, store_id, collection)
        if server.records(KIND).find(store_id) is None:
            shutil.rmtree(folder_of(server, store_id), ignore_errors=True)
    return {"n_files": n_done}


def settle(workspace: Workspace, job: Job) -> None:
    """Let no file wait for a job that failed: say what happened."""
    if job.state == "finished":
        return
    message = job.error.get("message", "") or "Reading the file was cancelled."
    error = {"code": "server_error", "message": f"{message} {job.error.get('hint', '')}".strip()}
    with closing(Server(workspace.folder, workspace=workspace)) as server:
        for file in server.records("store_file").all(parent=job.order["store"], label="in_progress"):
            move(server, file, "failed", last_error=error)


def _renewed(server: Server, store: Record) -> Record:
    """Return the store; where the domain has another embedding model now, all its files are read again."""
    embedder = server.workspace.embedder.name
    if store.body["embedder"] == embedder:
        return store
    shutil.rmtree(folder_of(server, store.id), ignore_errors=True)
    for file in server.records("store_file").all(parent=store.id, label="completed"):
        server.records("store_file").change(file.id, lambda body: body, label="in_progress")
    return server.records(KIND).change(store.id, lambda body: body | {"embedder": embedder})


def _take_up_outdated(server: Server, store_id: str, collection: Collection) -> None:
    """Have files indexed again whose language has an embedding model now that was not here before."""
    files = server.records("store_file")
    for file_id, text_hash in collection.text_hashes().items():
        file = files.find(f"{store_id}/{file_id}") if not text_hash else None
        if file is not None and file.label == "completed":
            files.change(file.id, lambda body: body, label="in_progress")


def _waiting(server: Server, store_id: str) -> tuple[Record, ...]:
    page = server.records("store_file").page(
        parent=store_id, label="in_progress", limit=_LOADED_AT_ONCE, order="asc"
    )
    return page.records


def _read(server: Server, reader: DocumentReader, files: Iterable[Record]) -> Iterator[Read]:
    """Yield every file that can be read with its document; the others become `failed` with the reason."""
    with TemporaryDirectory(prefix="lorewright-") as folder:
        for file in files:
            name = file.body["filename"]
            # Readers go by a file's name, and its bytes lie under their hash.
            path = Path(folder, name)
            path.unlink(missing_ok=True)
            try:
                path.symlink_to(path_of(server, server.records("file").get(file.body["file"])))
                document = reader.read(path, document_id=file.body["file"])
            except (UnreadableDocument, NotFound) as error:
                code = "invalid_file" if is_readable(path) else "unsupported_file"
                message = f"{error} {error.hint}".strip()
                move(server, file, "failed", last_error={"code": code, "message": message})
                continue
            yield file, document


def _batches(files: Iterable[Read]) -> Iterator[list[Read]]:
    """Yield files that are cut alike together: a kill loses at most one batch, one write pays for it."""
    batch: list[Read] = []
    size = 0
    for file, document in files:
        if batch and (size >= BATCH_BYTES or batch[0][0].body["chunk_tokens"] != file.body["chunk_tokens"]):
            yield batch
            batch, size = [], 0
        batch.append((file, document))
        size += len(document.text)
    if batch:
        yield batch


def _index(server: Server, collection: Collection, batch: list[Read]) -> None:
    """Index documents, and say so where their files are still wanted."""
    collection.add((document for _, document in batch), chunk_tokens=batch[0][0].body["chunk_tokens"])
    for file, document in batch:
        is_wanted = move(server, file, "completed", usage_bytes=len(document.text.encode()))
        if not is_wanted and not _is_attached(server, file):
            collection.remove([document.id])


def _sweep(server: Server, store_id: str, collection: Collection) -> None:
    """Take the chunks of detached files out of the index."""
    leftovers = server.records("store_leftover")
    left = leftovers.all(parent=store_id)
    gone = {one.body["file"] for one in left}
    collection.remove(
        file_id for file_id in gone if server.records("store_file").find(f"{store_id}/{file_id}") is None
    )
    for one in left:
        leftovers.remove(one.id)


def _is_attached(server: Server, file: Record) -> bool:
    attached = server.records("store_file").find(file.id)
    return attached is not None and attached.label in ("in_progress", "completed")
