"""Changes of a collection: what is asked for, checked."""

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record
from lorewright.workspace.collections.store_files import Attachment, attach, start_indexing
from lorewright.workspace.collections.stores import KIND, changeable, file_counts, find_store, folder_of
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server


def create_store(
    server: Server,
    caller: Caller,
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
    default = server.workspace.settings.retrieval.chunk_tokens
    chunk_tokens = chunk_tokens_of(chunking_strategy, default=default)
    body = {
        "name": name,
        "description": description,
        "metadata": checked_metadata(metadata),
        "expires_after": dict(expires_after) if expires_after else None,
        "last_active_at": int(time.time()),
        "chunk_tokens": default,
        "embedder": server.workspace.embedder.name,
    }
    store_id = f"vs_{uuid4().hex}"
    attachments = [Attachment(file_id, {}, chunk_tokens) for file_id in file_ids]
    store = server.records(KIND).add(store_id, body, owner=caller.id)
    try:
        attach(server, caller, store, attachments)
    except BaseException:
        server.records(KIND).remove(store_id)
        raise
    audit(server.workspace, caller, Act.STORE_CREATED, store_id, name=name)
    return store


def update_store(server: Server, caller: Caller, store_id: str, changes: Mapping[str, Any]) -> Record:
    """Return a store with another name, other metadata or another time to expire; `None` takes them away."""
    caller.need("stores")
    changeable(find_store(server, caller, store_id))
    wanted = dict(changes)
    if "metadata" in wanted:
        wanted["metadata"] = checked_metadata(wanted["metadata"])
    if "name" in wanted:
        wanted["name"] = wanted["name"] or ""
    now = int(time.time())
    changed = server.records(KIND).change(store_id, lambda body: body | wanted | {"last_active_at": now})
    audit(server.workspace, caller, Act.STORE_CHANGED, store_id, changed=sorted(wanted))
    return changed


def delete_store(server: Server, caller: Caller, store_id: str) -> None:
    """Remove a store with its index; the files themselves stay."""
    caller.need("stores")
    store = changeable(find_store(server, caller, store_id))
    is_indexing = file_counts(server, caller, store)["in_progress"] > 0
    with suppress(NotFound):  # somebody else was faster
        server.records(KIND).remove(store_id)
    for part in ("store_file", "store_batch", "store_leftover"):
        server.records(part).remove_all(parent=store_id)
    shutil.rmtree(folder_of(server, store_id), ignore_errors=True)
    if is_indexing:
        start_indexing(server, store_id)  # its worker may have written once more: the next one cleans up
    audit(server.workspace, caller, Act.STORE_REMOVED, store_id)


MIN_TOKENS, MAX_TOKENS = 16, 512
_PARAM = "chunking_strategy"


def chunk_tokens_of(strategy: Mapping[str, Any] | None, *, default: int) -> int:
    """Return the most tokens that a chunk may have; `auto` and none at all mean `default`."""
    kind = (strategy or {"type": "auto"}).get("type")
    if strategy is None or kind == "auto":
        return default
    if kind != "static":
        raise BadParameter(f"{_PARAM}.type", f"{_PARAM}.type is {kind!r}; it must be auto or static.")
    static = strategy.get("static")
    if not isinstance(static, Mapping):
        raise BadParameter(f"{_PARAM}.static", f"{_PARAM}.static must contain max_chunk_size_tokens.")
    overlap = static.get("chunk_overlap_tokens", 0)
    if overlap != 0:
        raise BadParameter(
            f"{_PARAM}.static.chunk_overlap_tokens",
            f"chunk_overlap_tokens is {overlap!r}; it must be 0: chunks end at section and "
            "sentence boundaries and include their headings, so overlap is not needed.",
        )
    size = static.get("max_chunk_size_tokens")
    if not isinstance(size, int) or isinstance(size, bool) or not MIN_TOKENS <= size <= MAX_TOKENS:
        raise BadParameter(
            f"{_PARAM}.static.max_chunk_size_tokens",
            f"max_chunk_size_tokens is {size!r}; it must be {MIN_TOKENS} to {MAX_TOKENS}, the input "
            f"limit of embedding models.",
        )
    return size


def static_strategy(chunk_tokens: int) -> dict[str, Any]:
    """Return a size of chunks as OpenAI's static strategy."""
    return {
        "type": "static",
        "static": {"max_chunk_size_tokens": chunk_tokens, "chunk_overlap_tokens": 0},
    }
