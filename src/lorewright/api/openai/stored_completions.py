"""`/v1/chat/completions/{id}`: chat completions that were stored."""

import re
from typing import Any

from fastapi import APIRouter, Request
from openai.types.chat import ChatCompletion, ChatCompletionDeleted, ChatCompletionStoreMessage

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed, listed_values
from lorewright.request_body import RequestBody
from lorewright.workspace.openai.stored_completions import (
    asked_messages,
    delete_chat,
    find_chat,
    label_chat,
    list_chats,
    shown_chat,
)
from lorewright.workspace.server.visible_records import page_of_values

router = APIRouter(prefix="/v1/chat/completions", tags=["chat"])

_METADATA = re.compile(r"metadata\[(.+)\]")


class Labels(RequestBody):
    """A request to change the metadata of a stored completion."""

    metadata: dict[str, Any] | None


@router.get("", responses=answers(ListOf[ChatCompletion]))
def get_chats(
    request: Request,
    server: ServerOf,
    caller: CallerOf,
    model: str | None = None,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "asc",
) -> dict[str, Any]:
    """List stored completions, filtered by `metadata[name]=value` in the query."""
    wanted = {
        match[1]: value
        for name, value in request.query_params.items()
        if (match := _METADATA.fullmatch(name))
    }
    page = list_chats(server, caller, model=model, metadata=wanted, limit=limit, after=after, order=order)
    return listed(page, shown_chat)


@router.get("/{completion_id}", responses=answers(ChatCompletion))
def get_chat(completion_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one stored completion."""
    return shown_chat(find_chat(server, caller, completion_id))


@router.post("/{completion_id}", responses=answers(ChatCompletion))
def label(completion_id: str, body: Labels, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the metadata of a stored completion."""
    return shown_chat(label_chat(server, caller, completion_id, body.metadata))


@router.delete("/{completion_id}", responses=answers(ChatCompletionDeleted))
def remove_chat(completion_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a stored completion."""
    delete_chat(server, caller, completion_id)
    return {"id": completion_id, "object": "chat.completion.deleted", "deleted": True}


@router.get("/{completion_id}/messages", responses=answers(ListOf[ChatCompletionStoreMessage]))
def get_messages(
    completion_id: str,
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "asc",
) -> dict[str, Any]:
    """List the input messages of a stored completion."""
    messages = asked_messages(find_chat(server, caller, completion_id))
    page, has_more = page_of_values(messages, limit=limit, after=after, order=order)
    return listed_values(page, has_more=has_more)
