"""`/lorewright/v1/chats`: the caller's own conversations of the studio, and those that are shared to read."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from pydantic import ConfigDict, Field

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed_values
from lorewright.request_body import RequestBody
from lorewright.workspace.chats.chats import (
    MAX_FOLDER,
    MAX_TITLE,
    change_chat,
    find_chat,
    find_shared,
    list_chats,
    remove_chat,
    share_chat,
)
from lorewright.workspace.chats.export import chat_as_json, chat_as_markdown, chat_summary
from lorewright.workspace.chats.turns import turns_of
from lorewright.workspace.server.visible_records import page_of_values

router = APIRouter(prefix="/lorewright/v1/chats", tags=["chat"])


class ChangedChat(RequestBody):
    """What is to be different: its title, its folder ('' for none), and whether a link shows it to others."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(default=None, min_length=1, max_length=MAX_TITLE)
    folder: str | None = Field(default=None, max_length=MAX_FOLDER)
    shared: bool | None = None


@router.get("")
def get_chats(
    server: ServerOf,
    caller: CallerOf,
    search: str = "",
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the caller's chats, most recently used first; `search` looks in titles, folders and messages."""
    chats = list_chats(server, caller, search=search)
    entries = [{**chat_summary(one.chat), "excerpt": one.excerpt or None} for one in reversed(chats)]
    page, has_more = page_of_values(entries, limit=limit, after=after, order=order)
    return listed_values(page, has_more=has_more)


@router.get("/shared")
def get_shared_chat(token: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return a shared chat, by the last part of its link."""
    chat = find_shared(server, caller, token)
    return chat_as_json(chat, turns_of(server, caller, chat))


@router.get("/{chat_id}")
def get_chat(chat_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return a chat with every turn of every branch; each turn names the one `before` it."""
    chat = find_chat(server, caller, chat_id)
    return chat_as_json(chat, turns_of(server, caller, chat))


@router.post("/{chat_id}")
def change(chat_id: str, body: ChangedChat, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Rename a chat, move it to a folder, or start or stop sharing it."""
    chat = find_chat(server, caller, chat_id)
    changes = body.model_dump(include={"title", "folder"}, exclude_none=True)
    if changes:
        chat = change_chat(server, caller, chat_id, **changes)
    if body.shared is not None:
        chat = share_chat(server, caller, chat_id, is_shared=body.shared)
    return chat_summary(chat)


@router.delete("/{chat_id}")
def delete(chat_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a chat with its files; feedback and votes given in it are kept."""
    find_chat(server, caller, chat_id)
    remove_chat(server, caller, chat_id)
    return {"id": chat_id, "object": "chat", "deleted": True}


@router.get("/{chat_id}/export", response_class=PlainTextResponse)
def export(chat_id: str, server: ServerOf, caller: CallerOf) -> PlainTextResponse:
    """Return the current branch as Markdown, with its sources; as JSON, read the chat itself."""
    chat = find_chat(server, caller, chat_id)
    text = chat_as_markdown(chat, turns_of(server, caller, chat))
    return PlainTextResponse(text, media_type="text/markdown; charset=utf-8")
