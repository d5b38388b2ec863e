"""Chats of the studio: conversations kept on the server, in folders, searched, and shared to read."""

import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Record
from lorewright.workspace.answering.traces import CHAT_KIND
from lorewright.workspace.collections.changes import delete_store
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server

KIND, TURNS, EVIDENCE = "chat", "chat_turn", CHAT_KIND
MAX_ARMS = 6
MAX_TITLE, MAX_FOLDER = 200, 60
_AROUND = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A conversation: what answers in it (one model, or several side by side), and its branch in sight.

    `stores` are searched instead of what a model searches by itself; `tools` are the tool servers whose
    tools the models may call; `files` is the store of the
    files that were dropped into it, '' without any. `leaf` is the last turn of the branch in sight;
    with `is_blind` names are hidden until a vote. `token` is what it is shared under, '' where it
    is not.
    """

    id: str
    title: str = ""
    folder: str = ""
    models: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    files: str = ""
    is_blind: bool = False
    leaf: str = ""
    token: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A chat in a list, and where it says what was searched for ('' where its title or folder does)."""

    chat: Chat
    excerpt: str = ""


def new_chat(
    server: Server,
    caller: Caller,
    *,
    models: Sequence[str],
    stores: Sequence[str] = (),
    tools: Sequence[str] = (),
    is_blind: bool = False,
) -> Chat:
    """Return a new chat without turns."""
    caller.need("chat")
    body = {
        "title": "", "folder": "", "models": checked_models(models), "stores": list(stores), "files": "",
        "tools": list(tools), "is_blind": is_blind, "leaf": "", "at": time.time(),
    }  # fmt: skip
    return _chat(server.records(KIND).add(f"chat_{uuid4().hex}", body, owner=caller.id))


def list_chats(server: Server, caller: Caller, *, search: str = "") -> list[Listed]:
    """Return the caller's chats, the one used last first; `search` in titles, folders and what was said."""
    caller.need("chat")
    chats = [_chat(record) for record in server.records(KIND).all(owner=caller.owners)]
    chats.sort(key=lambda chat: -chat.at)
    wanted = " ".join(search.split()).casefold()
    if not wanted:
        return [Listed(chat) for chat in chats]
    excerpts = _excerpts(server, caller, wanted)
    listed = []
    for chat in chats:
        if wanted in f"{chat.title}\n{chat.folder}".casefold():
            listed.append(Listed(chat))
        elif chat.id in excerpts:
            listed.append(Listed(chat, excerpts[chat.id]))
    return listed


def find_chat(server: Server, caller: Caller, chat_id: str) -> Chat:
    """Return a chat of the caller's own; raise `NotFound` for any other, an administrator's wish or not."""
    caller.need("chat")
    return _chat(_own(server, caller, chat_id))


def find_shared(server: Server, caller: Caller, token: str) -> Chat:
    """Return the chat that is shared under a token, whosever it is; raise `NotFound` where none is."""
    caller.need("chat")
    shared = server.records(KIND).all(label=token) if token else []
    if not shared:
        raise NotFound("This chat is not shared.")
    return _chat(shared[0])


def change_chat(server: Server, caller: Caller, chat_id: str, **changes: Any) -> Chat:
    """Return the chat with other values: its `title`, `folder`, `models`, `stores`, `tools` and so on."""
    _own(server, caller, chat_id)
    if "models" in changes:
        changes["models"] = checked_models(changes["models"])
    for name, most in (("title", MAX_TITLE), ("folder", MAX_FOLDER)):
        if name in changes:
            changes[name] = " ".join(str(changes[name]).split())[:most]
    changed = server.records(KIND).change(chat_id, lambda body: body | changes)
    server.live.tell(chat_id)
    return _chat(changed)


def share_chat(server: Server, caller: Caller, chat_id: str, *, is_shared: bool) -> Chat:
    """Return the chat with a token under which everybody who may chat here may read it, or without one."""
    token = _own(server, caller, chat_id).label if is_shared else ""
    token = token or (secrets.token_urlsafe(16) if is_shared else "")
    shared = _chat(server.records(KIND).change(chat_id, lambda body: body, label=token))
    audit(server.workspace, caller, Act.CHAT_SHARED, chat_id, is_shared=is_shared)
    return shared


def remove_chat(server: Server, caller: Caller, chat_id: str) -> None:
    """Remove a chat with its turns and its files; answers and feedback that were kept stay."""
    files = _own(server, caller, chat_id).body["files"]
    server.live.stop(chat_id)
    for kind in (TURNS, EVIDENCE):
        server.records(kind).remove_all(parent=chat_id)
    server.records(KIND).remove(chat_id)
    if files:
        with suppress(NotFound):
            delete_store(server, caller, files)
    server.live.tell(chat_id)
    audit(server.workspace, caller, Act.CHAT_REMOVED, chat_id)


def checked_models(models: Sequence[str]) -> list[str]:
    """Return which models are to answer; raise `BadParameter` for none or too many."""
    if not 1 <= len(models) <= MAX_ARMS:
        raise BadParameter("models", f"{len(models)} models are selected; a chat can have 1 to {MAX_ARMS}.")
    return list(dict.fromkeys(models))


def _own(server: Server, caller: Caller, chat_id: str) -> Record:
    # Conversations are private: an administrator does not read along.
    record = server.records(KIND).find(chat_id, owner=caller.owners)
    if record is None:
        raise NotFound(f"No chat found with id {chat_id!r}.")
    return record


def _excerpts(server: Server, caller: Caller, wanted: str) -> dict[str, str]:
    """Return by chat where its latest turn that says it does so."""
    excerpts = {}
    for record in server.records(TURNS).all(owner=caller.owners):
        texts = [record.body["question"], *(str(answer["text"]) for answer in record.body["answers"])]
        for text in texts:
            place = text.casefold().find(wanted)
            if place >= 0:
                first = max(0, place - _AROUND)
                excerpt = " ".join(text[first : place + len(wanted) + _AROUND].split())
                excerpts[record.parent] = f"… {excerpt}" if first else excerpt
                break
    return excerpts


def _chat(record: Record) -> Chat:
    body = record.body
    return Chat(
        id=record.id, title=body["title"], folder=body["folder"], models=tuple(body["models"]),
        stores=tuple(body["stores"]), tools=tuple(body.get("tools", ())), files=body["files"],
        is_blind=body["is_blind"], leaf=body["leaf"],
        token=record.label, at=body["at"],
    )  # fmt: skip
