"""The files of a collection, and how far each is."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.documents import Chunk
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Page, Record
from lorewright.workspace.collections.files import own_file
from lorewright.workspace.collections.stores import (
    DOMAIN,
    JOB,
    KIND,
    changeable,
    collection_of,
    find_store,
    touch,
)
from lorewright.workspace.documents.listing import readable_states
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.metadata import checked_attributes
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import page_of

FILES = "store_file"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach, what is written on it, and the most tokens that its chunks may have."""

    file_id: str
    attributes: Mapping[str, Any]
    chunk_tokens: int


def attach(
    server: Server, caller: Caller, store: Record, attachments: Sequence[Attachment], *, batch: str = ""
) -> list[Record]:
    """Return files as they are in the store now: to be read and indexed in the background.

    None is attached where one of them is not there. One that was attached before is read again.
    """
    changeable(store)
    bodies = [_body(server, caller, wanted, batch) for wanted in attachments]
    records = server.records(FILES)
    attached = []
    for body in bodies:
        place = f"{store.id}/{body['file']}"
        if records.find(place):
            attached.append(records.change(place, _instead(body), label="in_progress"))
        else:
            attached.append(records.add(place, body, parent=store.id, owner=caller.id, label="in_progress"))
    if attached:
        touch(server, store)
        start_indexing(server, store.id)
    return attached


def attach_file(server: Server, caller: Caller, store_id: str, attachment: Attachment) -> Record:
    """Return a file as it is in the store now: to be read and indexed in the background."""
    caller.need("stores")
    store = find_store(server, caller, store_id)
    attached = attach(server, caller, store, [attachment])[0]
    audit(server.workspace, caller, Act.STORE_FILE_ATTACHED, store_id, file=attachment.file_id)
    return attached


def start_indexing(server: Server, store_id: str) -> None:
    """See to it that what changed in a store is read and indexed soon."""
    waiting = server.workspace.queue.all(kind=JOB, state="queued")
    # One that has not begun yet will see what is new now.
    if all(job.order["store"] != store_id for job in waiting):
        server.start(JOB, {"store": store_id, "turn": uuid4().hex})


def list_store_files(
    server: Server,
    caller: Caller,
    store_id: str,
    *,
    state: str | None = None,
    limit: int = 20,
    after: str = "",
    before: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the files in a store, of all or of those in one state."""
    caller.need("stores")
    store = find_store(server, caller, store_id)
    if store.id == DOMAIN:
        documents = [_document(server, known) for known in readable_states(server.workspace, caller)]
        matching = documents if state in (None, "completed") else []
        return page_of(matching, limit=limit, after=after, before=before, order=order)
    return server.records(FILES).page(
        parent=store_id,
        label=state,
        limit=limit,
        after=after and f"{store_id}/{after}",
        before=before and f"{store_id}/{before}",
        order=order,
    )


def find_store_file(server: Server, caller: Caller, store_id: str, file_id: str) -> Record:
    """Return a file as it is in a store."""
    caller.need("stores")
    store = find_store(server, caller, store_id)
    if store.id == DOMAIN:
        may_read = readable(server.workspace, caller).holds(file_id)
        is_there = may_read and server.workspace.documents.state(file_id) is not None
        file = _document(server, file_id) if is_there else None
    else:
        file = server.records(FILES).find(f"{store_id}/{file_id}")
    if file is None:
        raise NotFound(f"No file found with id {file_id!r} in vector store {store_id!r}.")
    return file


def describe(
    server: Server, caller: Caller, store_id: str, file_id: str, attributes: Mapping[str, Any] | None
) -> Record:
    """Return a file in a store with other attributes; searches filter by them at once."""
    changeable(find_store(server, caller, store_id))
    file = find_store_file(server, caller, store_id, file_id)
    wanted = checked_attributes(attributes)
    changed = server.records(FILES).change(file.id, lambda body: body | {"attributes": wanted})
    audit(server.workspace, caller, Act.STORE_FILE_CHANGED, store_id, file=file_id)
    return changed


def detach(server: Server, caller: Caller, store_id: str, file_id: str) -> None:
    """Take a file out of a store: it is found no more, and its chunks go in the background."""
    changeable(find_store(server, caller, store_id))
    file = find_store_file(server, caller, store_id, file_id)
    server.records("store_leftover").add(f"left_{uuid4().hex}", {"file": file_id}, parent=store_id)
    with suppress(NotFound):  # somebody else was faster
        server.records(FILES).remove(file.id)
    start_indexing(server, store_id)
    audit(server.workspace, caller, Act.STORE_FILE_DETACHED, store_id, file=file_id)


def chunks_of_file(server: Server, caller: Caller, store_id: str, file_id: str) -> list[Chunk]:
    """Return what was read from a file, as it is indexed; raise `BadParameter` as long as it is not."""
    file = find_store_file(server, caller, store_id, file_id)
    if file.label != "completed":
        raise BadParameter("file_id", f"The file {file_id} is {file.label}: it has no content yet.")
    return collection_of(server, find_store(server, caller, store_id)).chunks_of(file_id)


def stores_with(server: Server, file_id: str) -> list[str]:
    """Return the ids of the stores that hold a file."""
    files = server.records(FILES)
    return [store.id for store in server.records(KIND).all() if files.find(f"{store.id}/{file_id}")]


def _body(server: Server, caller: Caller, wanted: Attachment, batch: str) -> dict[str, Any]:
    file = own_file(server, caller, wanted.file_id)
    return {
        "file": file.id,
        "filename": file.body["filename"],
        "turn": uuid4().hex,
        "attributes": checked_attributes(wanted.attributes),
        "chunk_tokens": wanted.chunk_tokens,
        "usage_bytes": 0,
        "last_error": None,
        "batch": batch,
    }


def _instead(body: Mapping[str, Any]) -> Any:
    return lambda _: dict(body)


def _document(server: Server, document_id: str) -> Record:
    """Return a document of the domain as if it were a file in a store."""
    body = {
        "file": document_id,
        "filename": document_id,
        "attributes": {},
        "chunk_tokens": server.workspace.settings.retrieval.chunk_tokens,
        "usage_bytes": 0,
        "last_error": None,
    }
    return Record(document_id, FILES, DOMAIN, "", "completed", 0.0, 0.0, body)


def move(server: Server, file: Record, state: str, **changes: Any) -> bool:
    """Put a file that is in progress into another state, and return whether it is there now.

    A file that was removed, moved on or attached again since `file` was read stays as it is.
    """

    def how(body: dict[str, Any]) -> dict[str, Any]:
        if body["turn"] != file.body["turn"]:
            raise _MovedOnError
        # A new turn: whoever still works on the old one comes too late.
        return body | changes | {"turn": f"{body['turn']}!"}

    if file.label != "in_progress":
        return False
    try:
        server.records("store_file").change(file.id, how, label=state)
    except (_MovedOnError, NotFound):
        return False
    return True


class _MovedOnError(Exception):
    """The file is not what it was when it was read."""
