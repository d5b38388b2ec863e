"""`/v1/conversations`: ordered items that responses add to."""

from typing import Any

from fastapi import APIRouter
from openai.types.conversations import Conversation, ConversationDeletedResource, ConversationItem

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed_values
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.openai.responses.conversations import (
    create_conversation,
    create_items,
    delete_conversation,
    delete_item,
    find_conversation,
    find_item,
    list_items,
    update_conversation,
)

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])


class ItemPage(ListOf[ConversationItem]):
    """A page of the items of a conversation."""


class NewConversation(RequestBody):
    """A request for a conversation."""

    items: list[dict[str, Any]] | None = None
    metadata: dict[str, Any] | None = None


class ConversationChange(RequestBody):
    """A request to change the metadata."""

    metadata: dict[str, Any] | None


class NewItems(RequestBody):
    """Items to add."""

    items: list[dict[str, Any]]


@router.post("", responses=answers(Conversation))
def create(server: ServerOf, caller: CallerOf, body: NewConversation | None = None) -> dict[str, Any]:
    """Create a conversation."""
    wanted = body or NewConversation()
    return _as_json(create_conversation(server, caller, items=wanted.items or (), metadata=wanted.metadata))


@router.get("/{conversation_id}", responses=answers(Conversation))
def get(conversation_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one conversation."""
    return _as_json(find_conversation(server, caller, conversation_id))


@router.post("/{conversation_id}", responses=answers(Conversation))
def change(
    conversation_id: str, body: ConversationChange, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Change the metadata of a conversation."""
    return _as_json(update_conversation(server, caller, conversation_id, body.metadata))


@router.delete("/{conversation_id}", responses=answers(ConversationDeletedResource))
def delete(conversation_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a conversation with its items."""
    delete_conversation(server, caller, conversation_id)
    return {"id": conversation_id, "object": "conversation.deleted", "deleted": True}


@router.post("/{conversation_id}/items", responses=answers(ItemPage))
def post_items(conversation_id: str, body: NewItems, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Add items to a conversation."""
    return listed_values(create_items(server, caller, conversation_id, body.items))


@router.get("/{conversation_id}/items", responses=answers(ItemPage))
def get_items(
    conversation_id: str,
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the items of a conversation, the newest first."""
    page = list_items(server, caller, conversation_id, limit=limit, after=after, order=order)
    return listed_values([dict(record.body) for record in page.records], has_more=page.has_more)


@router.get("/{conversation_id}/items/{item_id}", responses=answers(ConversationItem))
def get_item(conversation_id: str, item_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one item."""
    return dict(find_item(server, caller, conversation_id, item_id).body)


@router.delete("/{conversation_id}/items/{item_id}", responses=answers(Conversation))
def remove_item(conversation_id: str, item_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Remove an item from a conversation."""
    return _as_json(delete_item(server, caller, conversation_id, item_id))


def _as_json(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "object": "conversation",
        "created_at": int(record.created_at),
        "metadata": record.body["metadata"],
    }
