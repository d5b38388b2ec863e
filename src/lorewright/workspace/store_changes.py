"""Vector stores made, changed and let go."""

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

from lorewright.access import Key
from lorewright.errors import NotFound
from lorewright.storage import Record
from lorewright.workspace.chunking import chunk_tokens_of
from lorewright.workspace.home import Home
from lorewright.workspace.metadata import checked_metadata
from lorewright.workspace.store_files import Attachment, attach, start_indexing
from lorewright.workspace.stores import KIND, changeable, file_counts, find_store, folder_of


def create_store(
    home: Home,
    caller: Key,
    *,
    name: str = "",
    description: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    expires_after: Mapping[str, Any] | None = None,
    file_ids: Sequence[str] = (),
    chunking_strategy: Mapping[str, Any] | None = None,
) -> Record:
    """Return a new store; its files are read and indexed in the background."""
    caller.need("stores")
    default = home.workspace.settings.retrieval.chunk_tokens
    chunk_tokens = chunk_tokens_of(chunking_strategy, default=default)
    body = {
        "name": name,
        "description": description,
        "metadata": checked_metadata(metadata),
        "expires_after": dict(expires_after) if expires_after else None,
        "last_active_at": int(time.time()),
        "chunk_tokens": default,
        "embedder": home.workspace.embedder.name,
    }
    store_id = f"vs_{uuid4().hex}"
    attachments = [Attachment(file_id, {}, chunk_tokens) for file_id in file_ids]
    store = home.records(KIND).add(store_id, body, owner=caller.id)
    try:
        attach(home, caller, store, attachments)
    except BaseException:
        home.records(KIND).remove(store_id)
        raise
    return store


def update_store(home: Home, caller: Key, store_id: str, changes: Mapping[str, Any]) -> Record:
    """Return a store with another name, other metadata or another time to expire; `None` takes them away."""
    caller.need("stores")
    changeable(find_store(home, caller, store_id))
    wanted = dict(changes)
    if "metadata" in wanted:
        wanted["metadata"] = checked_metadata(wanted["metadata"])
    if "name" in wanted:
        wanted["name"] = wanted["name"] or ""
    now = int(time.time())
    return home.records(KIND).change(store_id, lambda body: body | wanted | {"last_active_at": now})


def delete_store(home: Home, caller: Key, store_id: str) -> None:
    """Remove a store with its index; the files themselves stay."""
    caller.need("stores")
    store = changeable(find_store(home, caller, store_id))
    is_indexing = file_counts(home, store)["in_progress"] > 0
    with suppress(NotFound):  # somebody else was faster
        home.records(KIND).remove(store_id)
    for part in ("store_file", "store_batch", "store_leftover"):
        home.records(part).remove_all(parent=store_id)
    shutil.rmtree(folder_of(home, store_id), ignore_errors=True)
    if is_indexing:
        start_indexing(home, store_id)  # its worker may have written once more: the next one cleans up
