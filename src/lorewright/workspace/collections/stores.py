"""Vector stores: collections that clients make of files, next to the domain's own."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.access import DOMAIN_STORE, Caller
from lorewright.access.readable import EVERYTHING
from lorewright.errors import BadParameter, NotFound, Transient, UserError
from lorewright.knowledge import Collection, Filter
from lorewright.knowledge.reader_view import ReaderView
from lorewright.storage import Record
from lorewright.workspace.collections.search import Ranking, StoreLocation, StoresRetriever
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server

KIND = "vector_store"
DOMAIN = DOMAIN_STORE
"""The id of the store that is the domain's own collection."""
JOB = "index-files"
STATES = ("in_progress", "completed", "failed", "cancelled")
"""Of a file in a store; those that count are `completed`."""
SECONDS_A_DAY = 86_400
_TOUCH_EVERY_SECONDS = 60


def find_store(server: Server, caller: Caller, store_id: str) -> Record:
    """Return a store; raise `NotFound` for one that is not there or not for this key."""
    caller.need("stores")
    return usable_store(server, caller, store_id)


def usable_store(server: Server, caller: Caller, store_id: str) -> Record:
    """Return a store that a caller may use, asked for the right to the work it is needed for."""
    store = _domain(server) if store_id == DOMAIN else server.records(KIND).find(store_id)
    if store is None or not may_use(server, caller, store):
        raise _no_store(store_id)
    return store


def list_stores(server: Server, caller: Caller) -> list[Record]:
    """Return every store that a key may use, as `all_stores` does, for those who may work with stores."""
    caller.need("stores")
    return all_stores(server, caller)


def all_stores(server: Server, caller: Caller) -> list[Record]:
    """Return every store that a key may use, the oldest first: that of the domain, then the others."""
    caller.need("stores", "chat")
    return [
        store for store in [_domain(server), *server.records(KIND).all()] if may_use(server, caller, store)
    ]


def may_use(server: Server, caller: Caller, store: Record) -> bool:
    """Return whether a key may see a store: its rights name it or a part of it, or it made it."""
    if store.id == DOMAIN:
        return not readable(server.workspace, caller).is_nothing
    return caller.may_use_store(store.id) or store.owner in caller.owners


def changeable(store: Record) -> Record:
    """Return the store; raise `BadParameter` for the domain's own, which only `lorewright add` changes."""
    if store.id == DOMAIN:
        raise BadParameter(
            "vector_store_id",
            f"{DOMAIN} contains the documents of this domain and is read-only here. Copy files to its "
            f"documents folder and run: lorewright add --sync",
        )
    return store


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreFacts:
    """How a store stands: its `status`, how many files are in which state, the bytes of its index."""

    status: str
    counts: Mapping[str, int]
    usage_bytes: int


def facts_of_store(server: Server, caller: Caller, store: Record) -> StoreFacts:
    """Return how a store stands; raise `NotFound` for one that is not for this caller."""
    caller.need("stores")
    if not may_use(server, caller, store):
        raise _no_store(store.id)
    return StoreFacts(
        status=status_of(server, store),
        counts=file_counts(server, caller, store),
        usage_bytes=usage_bytes(server, caller, store),
    )


def _no_store(store_id: str) -> NotFound:
    return NotFound(f"Vector store with id {store_id!r} not found.")


def status_of(server: Server, store: Record) -> str:
    """Return `expired`, `in_progress` or `completed`."""
    expires_at = expires_at_of(store)
    if expires_at is not None and expires_at <= time.time():
        return "expired"
    is_waiting = store.id != DOMAIN and server.records("store_file").count(parent=store.id, label=STATES[0])
    return "in_progress" if is_waiting else "completed"


def expires_at_of(store: Record) -> int | None:
    """Return when a store expires unless it is used before, or `None`."""
    policy = store.body.get("expires_after")
    return int(store.body["last_active_at"] + policy["days"] * SECONDS_A_DAY) if policy else None


def file_counts(server: Server, caller: Caller, store: Record) -> dict[str, int]:
    """Return how many files of a store that the caller may read are in which state, and `total`."""
    if store.id == DOMAIN:
        n_documents = server.workspace.documents.count(readable(server.workspace, caller))
        counts = dict.fromkeys(STATES, 0) | {"completed": n_documents}
    else:
        files = server.records("store_file")
        counts = {state: files.count(parent=store.id, label=state) for state in STATES}
    return counts | {"total": sum(counts.values())}


def usage_bytes(server: Server, caller: Caller, store: Record) -> int:
    """Return how many bytes the index of a store takes on disk.

    For who may read a part of the domain's documents, those of their texts: an index has no parts.
    """
    allowed = readable(server.workspace, caller)
    if store.id == DOMAIN and not allowed.is_all:
        outlines = server.workspace.documents.outlines().values()
        return sum(outline.n_characters for outline in outlines if allowed.holds(outline.id))
    folder = server.workspace.state_folder / "index" if store.id == DOMAIN else folder_of(server, store.id)
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # replaced by a worker meanwhile
                total += Path(parent, name).stat().st_size
    return total


def folder_of(server: Server, store_id: str) -> Path:
    """Return the folder of a store's index."""
    return server.workspace.state_folder / "stores" / store_id


def collection_of(server: Server, store: Record) -> Collection:
    """Return what a store is on disk: chunks of the size that was the domain's when it was made."""
    if store.id == DOMAIN:
        return server.workspace.collection
    return open_store(server, store.id, store.body)


def open_store(server: Server, store_id: str, body: Mapping[str, Any]) -> Collection:
    """Return the collection of a store, whose folder is made when the first file is indexed."""
    folder = folder_of(server, store_id)
    return server.workspace.open_collection(folder, chunk_tokens=body["chunk_tokens"])


def retriever_over(
    server: Server,
    caller: Caller,
    store_ids: Sequence[str],
    *,
    filters: Filter | None = None,
    ranking: Ranking = Ranking(),  # noqa: B008 - it is frozen
    n: int | None = None,
) -> StoresRetriever:
    """Return what finds chunks in all of these stores, of files whose attributes fulfil the filters.

    Without `n` a search gives as many hits as reach a prompt. Raises `NotFound` for a store that
    is not there or not for this key, and `UserError` for one that has expired.
    """
    places = []
    for store_id in dict.fromkeys(store_ids):
        store = usable_store(server, caller, store_id)
        if status_of(server, store) == "expired":
            raise UserError(
                f"The vector store {store_id} has expired.", hint="Create a new store from the same files."
            )
        _check_embedder(server, store)
        touch(server, store)
        places.append(_location(server, caller, store))
    return StoresRetriever(server, places, filters=filters, ranking=ranking, n=n)


def _location(server: Server, caller: Caller, store: Record) -> StoreLocation:
    collection = collection_of(server, store)
    if store.id != DOMAIN:
        return StoreLocation(store.id, ReaderView(collection, EVERYTHING))
    return StoreLocation(store.id, ReaderView(collection, readable(server.workspace, caller)), is_domain=True)


def search_store(
    server: Server,
    caller: Caller,
    store_id: str,
    *,
    filters: Filter | None = None,
    ranking: Ranking = Ranking(),  # noqa: B008 - it is frozen
) -> StoresRetriever:
    """Return what finds chunks in one store, as `retriever_over` does."""
    caller.need("stores")
    return retriever_over(server, caller, [store_id], filters=filters, ranking=ranking)


def _check_embedder(server: Server, store: Record) -> None:
    """Raise `Transient` for a store of another embedding model's vectors, and have it indexed again."""
    embedder = server.workspace.embedder.name
    if store.id != DOMAIN and store.body["embedder"] != embedder:
        server.start(JOB, {"store": store.id, "turn": embedder})
        raise Transient(
            f"The vector store {store.id} is being re-indexed with the embedding model {embedder}.",
            hint="Try again when its status is completed.",
        )


def touch(server: Server, store: Record) -> None:
    """Take note that a store was used; more often than once a minute tells nobody anything."""
    now = time.time()
    if store.id == DOMAIN or now - store.body["last_active_at"] < _TOUCH_EVERY_SECONDS:
        return
    with suppress(NotFound):  # deleted in between
        server.records(KIND).change(store.id, lambda body: body | {"last_active_at": int(now)})


def _domain(server: Server) -> Record:
    """Return the domain's own collection as if it were a record."""
    folder = server.workspace.folder
    made_at = (folder / "lorewright.toml").stat().st_mtime
    body: dict[str, Any] = {
        "name": server.name,
        "metadata": {},
        "expires_after": None,
        "last_active_at": int(made_at),
        "chunk_tokens": server.workspace.settings.retrieval.chunk_tokens,
    }
    return Record(DOMAIN, KIND, "", "", "", made_at, made_at, body)
