"""Many files attached to a vector store at once, seen as one piece of work."""

from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Page, Record
from lorewright.workspace.collections.store_files import FILES, Attachment, attach, move
from lorewright.workspace.collections.stores import STATES, changeable, find_store
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import page_of

BATCHES = "store_batch"
MAX_FILES = 2000


def create_batch(server: Server, caller: Caller, store_id: str, attachments: Sequence[Attachment]) -> Record:
    """Return the batch of these files, to be read and indexed in the background."""
    caller.need("stores")
    store = changeable(find_store(server, caller, store_id))
    if not 0 < len(attachments) <= MAX_FILES:
        raise BadParameter(
            "file_ids", f"A batch must have 1 to {MAX_FILES} files; this one has {len(attachments)}."
        )
    wanted = {attachment.file_id: attachment for attachment in attachments}
    batch_id = f"vsfb_{uuid4().hex}"
    body = {"n_files": len(wanted), "is_cancelled": False, "counts": None}
    batch = server.records(BATCHES).add(batch_id, body, parent=store_id, owner=caller.id)
    try:
        attach(server, caller, store, list(wanted.values()), batch=batch_id)
    except BaseException:
        server.records(BATCHES).remove(batch_id)
        raise
    audit(server.workspace, caller, Act.STORE_BATCH_CREATED, store_id, batch=batch_id, n=len(wanted))
    return batch


def find_batch(server: Server, caller: Caller, store_id: str, batch_id: str) -> Record:
    """Return a batch; raise `NotFound` where the store has none of this id."""
    caller.need("stores")
    find_store(server, caller, store_id)
    batch = server.records(BATCHES).find(batch_id)
    if batch is None or batch.parent != store_id:
        raise NotFound(f"No file batch found with id {batch_id!r} in vector store {store_id!r}.")
    return batch


def state_of_batch(server: Server, caller: Caller, batch: Record) -> tuple[str, dict[str, int]]:
    """Return the status of a batch, and how many of its files are in which state."""
    find_store(server, caller, batch.parent)
    counts = batch_counts(server, batch)
    return batch_status(batch, counts), counts


def batch_counts(server: Server, batch: Record) -> dict[str, int]:
    """Return how many files of a batch are in which state, and `total`.

    Once none is in progress the numbers stay, whatever happens to the files later.
    """
    settled: dict[str, int] | None = batch.body["counts"]
    if settled is not None:
        return settled
    by_state = Counter(file.label for file in files_of_batch(server, batch))
    counts = {state: by_state[state] for state in STATES}
    counts["cancelled"] += batch.body["n_files"] - sum(counts.values())  # taken out of the store since
    counts["total"] = batch.body["n_files"]
    if not counts["in_progress"]:
        server.records(BATCHES).change(batch.id, lambda body: body | {"counts": counts})
    return counts


def batch_status(batch: Record, counts: dict[str, int]) -> str:
    """Return `in_progress`, `completed`, `cancelled` or `failed` (not one of its files was read)."""
    if batch.body["is_cancelled"]:
        return "cancelled"
    if counts["in_progress"]:
        return "in_progress"
    return "failed" if counts["failed"] == counts["total"] else "completed"


def cancel_batch(server: Server, caller: Caller, store_id: str, batch_id: str) -> Record:
    """Return a batch whose files are not read any more; those that were stay in the store."""
    batch = find_batch(server, caller, store_id, batch_id)
    if not batch_counts(server, batch)["in_progress"]:
        return server.records(BATCHES).get(batch.id)
    batch = server.records(BATCHES).change(batch.id, lambda body: body | {"is_cancelled": True})
    for file in files_of_batch(server, batch):
        move(server, file, "cancelled")
    audit(server.workspace, caller, Act.STORE_BATCH_CANCELLED, store_id, batch=batch_id)
    return batch


def list_batch_files(
    server: Server,
    caller: Caller,
    store_id: str,
    batch_id: str,
    *,
    state: str | None = None,
    limit: int = 20,
    after: str = "",
    before: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the files of a batch, of all or of those in one state."""
    files = files_of_batch(server, find_batch(server, caller, store_id, batch_id))
    matching = [file for file in files if state in (None, file.label)]
    return page_of(
        matching,
        limit=limit,
        after=after and f"{store_id}/{after}",
        before=before and f"{store_id}/{before}",
        order=order,
    )


def files_of_batch(server: Server, batch: Record) -> list[Record]:
    """Return the files of a batch that are in its store, the oldest first."""
    return [file for file in server.records(FILES).all(parent=batch.parent) if file.body["batch"] == batch.id]
