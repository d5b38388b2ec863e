"""Conversations that are kept: items in order, which responses add to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Page, Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.responses.items import Item, new_id, read_items
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned

KIND, ITEMS = "conversation", "conversation_item"
MAX_ITEMS_AT_ONCE = 20


def create_conversation(
    server: Server,
    caller: Caller,
    *,
    items: Sequence[Mapping[str, Any]] = (),
    metadata: Mapping[str, Any] | None = None,
) -> Record:
    """Return a new conversation that begins with these items."""
    caller.need("chat")
    read = _given(items)
    body = {"metadata": checked_metadata(metadata)}
    conversation = server.records(KIND).add(f"conv_{uuid4().hex}", body, owner=caller.id)
    add_items(server, caller, conversation.id, read)
    return conversation


def with_conversation(server: Server, caller: Caller, pending: PendingResponse) -> PendingResponse:
    """Return what is asked, in a conversation that is made where the request wants a new one."""
    if not pending.request.makes_conversation:
        return pending
    made = {"id": create_conversation(server, caller).id}
    request = pending.request.model_copy(update={"conversation": made})
    return replace(pending, request=request, response=pending.response | {"conversation": made})


def find_conversation(server: Server, caller: Caller, conversation_id: str) -> Record:
    """Return a conversation; raise `NotFound` for one that is not there or another key's."""
    caller.need("chat")
    return get_owned(server.records(KIND), conversation_id, caller)


def update_conversation(
    server: Server, caller: Caller, conversation_id: str, metadata: Mapping[str, Any] | None
) -> Record:
    """Return the conversation with other metadata."""
    conversation = find_conversation(server, caller, conversation_id)
    checked = checked_metadata(metadata)
    return server.records(KIND).change(conversation.id, lambda body: body | {"metadata": checked})


def delete_conversation(server: Server, caller: Caller, conversation_id: str) -> None:
    """Remove a conversation with its items; responses that belong to it stay."""
    conversation = find_conversation(server, caller, conversation_id)
    server.records(KIND).remove(conversation.id)
    server.records(ITEMS).remove_all(parent=conversation.id)
    audit(server.workspace, caller, Act.CONVERSATION_REMOVED, conversation_id)


def create_items(
    server: Server, caller: Caller, conversation_id: str, items: Sequence[Mapping[str, Any]]
) -> list[Item]:
    """Return the items that a client adds, with their ids."""
    return add_items(server, caller, conversation_id, _given(items))


def add_items(server: Server, caller: Caller, conversation_id: str, items: Sequence[Item]) -> list[Item]:
    """Return items that were read, added to a conversation; an id that is there already becomes another."""
    parent = find_conversation(server, caller, conversation_id)
    records, added = server.records(ITEMS), []
    for item in items:
        if records.find(_record_id(parent.id, item["id"])):
            item = {**item, "id": new_id(item["type"])}
        records.add(_record_id(parent.id, item["id"]), item, parent=parent.id, owner=parent.owner)
        added.append(item)
    return added


def items_of(server: Server, caller: Caller, conversation_id: str) -> list[Item]:
    """Return all items of a conversation, the oldest first."""
    parent = find_conversation(server, caller, conversation_id)
    return [dict(record.body) for record in server.records(ITEMS).all(parent=parent.id)]


def list_items(
    server: Server,
    caller: Caller,
    conversation_id: str,
    *,
    limit: int = 20,
    after: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the items of a conversation."""
    parent = find_conversation(server, caller, conversation_id)
    records = server.records(ITEMS)
    if after and records.find(_record_id(parent.id, after)) is None:
        raise BadParameter("after", f"{after!r} is not in this conversation and cannot be used as a cursor.")
    start = _record_id(parent.id, after) if after else ""
    return records.page(parent=parent.id, limit=limit, after=start, order=order)


def find_item(server: Server, caller: Caller, conversation_id: str, item_id: str) -> Record:
    """Return one item of a conversation; raise `NotFound` for one that is not there."""
    parent = find_conversation(server, caller, conversation_id)
    item = server.records(ITEMS).find(_record_id(parent.id, item_id))
    if item is None:
        raise NotFound(f"No item found with id {item_id!r} in conversation {parent.id!r}.")
    return item


def delete_item(server: Server, caller: Caller, conversation_id: str, item_id: str) -> Record:
    """Return a conversation from which an item was taken."""
    server.records(ITEMS).remove(find_item(server, caller, conversation_id, item_id).id)
    return find_conversation(server, caller, conversation_id)


def _given(items: Sequence[Mapping[str, Any]]) -> list[Item]:
    if len(items) > MAX_ITEMS_AT_ONCE:
        raise BadParameter("items", f"items has {len(items)} entries; the limit is {MAX_ITEMS_AT_ONCE}.")
    return read_items(items, param="items")


def _record_id(conversation_id: str, item_id: str) -> str:
    return f"{conversation_id}/{item_id}"  # an item may be in several conversations
