"""Vector stores: collections that clients make of files, next to the domain's own."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from lorewright.access import Key
from lorewright.access.groups import DOMAIN_STORE
from lorewright.errors import BadParameter, NotFound, Transient, UserError
from lorewright.knowledge import Collection, Filter
from lorewright.storage import Record
from lorewright.workspace.home import Home
from lorewright.workspace.store_search import Place, Ranking, StoresRetriever

KIND = "vector_store"
DOMAIN = DOMAIN_STORE
"""The id of the store that is the domain's own collection."""
JOB = "index-files"
STATES = ("in_progress", "completed", "failed", "cancelled")
"""Of a file in a store; those that count are `completed`."""
SECONDS_A_DAY = 86_400
_TOUCH_EVERY_SECONDS = 60


def find_store(home: Home, caller: Key, store_id: str) -> Record:
    """Return a store; raise `NotFound` for one that is not there or not for this key."""
    found = _domain(home) if store_id == DOMAIN else home.records(KIND).find(store_id)
    if found is None or not may_use(caller, found):
        raise NotFound(f"Vector store with id {store_id!r} not found.")
    return found


def all_stores(home: Home, caller: Key) -> list[Record]:
    """Return every store that a key may use, the oldest first: that of the domain, then the others."""
    return [store for store in [_domain(home), *home.records(KIND).all()] if may_use(caller, store)]


def may_use(caller: Key, store: Record) -> bool:
    """Return whether a key may see a store: its rights name it, or it made it."""
    return caller.may_use_store(store.id) or store.owner in caller.owners


def changeable(store: Record) -> Record:
    """Return the store; raise `BadParameter` for the domain's own, which only `lorewright add` changes."""
    if store.id == DOMAIN:
        raise BadParameter(
            "vector_store_id",
            f"{DOMAIN} holds the documents of this domain and can only be searched here. "
            "Put files into its documents folder and run: lorewright add --sync",
        )
    return store


def status_of(home: Home, store: Record) -> str:
    """Return `expired`, `in_progress` or `completed`."""
    expires_at = expires_at_of(store)
    if expires_at is not None and expires_at <= time.time():
        return "expired"
    return "in_progress" if file_counts(home, store)["in_progress"] else "completed"


def expires_at_of(store: Record) -> int | None:
    """Return when a store expires unless it is used before, or `None`."""
    policy = store.body.get("expires_after")
    return int(store.body["last_active_at"] + policy["days"] * SECONDS_A_DAY) if policy else None


def file_counts(home: Home, store: Record) -> dict[str, int]:
    """Return how many files of a store are in which state, and `total`."""
    if store.id == DOMAIN:
        counts = dict.fromkeys(STATES, 0) | {"completed": home.workspace.documents.count()}
    else:
        files = home.records("store_file")
        counts = {state: files.count(parent=store.id, label=state) for state in STATES}
    return counts | {"total": sum(counts.values())}


def usage_bytes(home: Home, store: Record) -> int:
    """Return how many bytes the index of a store takes on disk."""
    folder = home.workspace.state_folder / "index" if store.id == DOMAIN else folder_of(home, store.id)
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # replaced by a worker meanwhile
                total += Path(parent, name).stat().st_size
    return total


def folder_of(home: Home, store_id: str) -> Path:
    """Return the folder of a store's index."""
    return home.workspace.state_folder / "stores" / store_id


def collection_of(home: Home, store: Record) -> Collection:
    """Return what a store is on disk: chunks of the size that was the domain's when it was made."""
    if store.id == DOMAIN:
        return home.workspace.collection
    return open_store(home, store.id, store.body)


def open_store(home: Home, store_id: str, body: Mapping[str, Any]) -> Collection:
    """Return the collection of a store, whose folder is made when the first file is indexed."""
    settings = replace(home.workspace.settings.retrieval, chunk_tokens=body["chunk_tokens"])
    return Collection(folder_of(home, store_id), home.workspace.embedder, settings)


def retriever_over(
    home: Home,
    caller: Key,
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
        store = find_store(home, caller, store_id)
        if status_of(home, store) == "expired":
            raise UserError(
                f"The vector store {store_id} has expired.", hint="Make a new one of the same files."
            )
        _check_embedder(home, store)
        touch(home, store)
        places.append(Place(store.id, collection_of(home, store), is_domain=store.id == DOMAIN))
    return StoresRetriever(home, places, filters=filters, ranking=ranking, n=n)


def _check_embedder(home: Home, store: Record) -> None:
    """Raise `Transient` for a store of another embedding model's vectors, and have it indexed anew."""
    embedder = home.workspace.embedder.name
    if store.id != DOMAIN and store.body["embedder"] != embedder:
        home.start(JOB, {"store": store.id, "turn": embedder})
        raise Transient(
            f"The vector store {store.id} is being indexed anew, with the embedding model {embedder}.",
            hint="Try again when its status is completed.",
        )


def touch(home: Home, store: Record) -> None:
    """Take note that a store was used; more often than once a minute tells nobody anything."""
    now = time.time()
    if store.id == DOMAIN or now - store.body["last_active_at"] < _TOUCH_EVERY_SECONDS:
        return
    with suppress(NotFound):  # deleted in between
        home.records(KIND).change(store.id, lambda body: body | {"last_active_at": int(now)})


def _domain(home: Home) -> Record:
    """Return the domain's own collection as if it were a record."""
    folder = home.workspace.folder
    made_at = (folder / "lorewright.toml").stat().st_mtime
    body: dict[str, Any] = {
        "name": home.name,
        "metadata": {},
        "expires_after": None,
        "last_active_at": int(made_at),
        "chunk_tokens": home.workspace.settings.retrieval.chunk_tokens,
    }
    return Record(DOMAIN, KIND, "", "", "", made_at, made_at, body)
