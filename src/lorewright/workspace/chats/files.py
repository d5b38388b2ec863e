"""Files dropped into a chat: searched by its answers, in a vector store of the chat's own."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.models import Stopped
from lorewright.storage import Record
from lorewright.workspace.chats.chats import Chat, change_chat, find_chat
from lorewright.workspace.collections.changes import create_store
from lorewright.workspace.collections.files import upload_file
from lorewright.workspace.collections.store_files import FILES, Attachment, attach_file, detach
from lorewright.workspace.collections.stores import all_stores
from lorewright.workspace.server.server import Server

OF_CHAT = "lorewright_chat"
"""What is written on the store of a chat's files: the chat's id."""
WAIT_SECONDS = 120.0
_LOOK_EVERY_SECONDS = 0.2
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A file of a chat: `in_progress` while it is read, then `completed`, or `failed` with the reason."""

    id: str
    name: str
    state: str
    reason: str = ""


def add_file(server: Server, caller: Caller, chat_id: str, name: str, pieces: Iterable[bytes]) -> Chat:
    """Return the chat with one file more, which is read and indexed in the background."""
    caller.need("files")
    caller.need("stores")
    file = upload_file(server, caller, pieces, filename=name, purpose="user_data")
    with _MAKING:  # of files that come at once, the first makes the store
        chat = find_chat(server, caller, chat_id)
        if not chat.files:
            chat = _with_store(server, caller, chat)
    tokens = server.workspace.settings.retrieval.chunk_tokens
    attach_file(server, caller, chat.files, Attachment(file.id, {}, tokens))
    server.live.tell(chat.id)
    return chat


def files_of(server: Server, caller: Caller, chat: Chat) -> list[ChatFile]:
    """Return the files of a chat of the caller's own, the oldest first."""
    return _files(server, find_chat(server, caller, chat.id))


def _files(server: Server, chat: Chat) -> list[ChatFile]:
    return [_file(record) for record in server.records(FILES).all(parent=chat.files)] if chat.files else []


def remove_file_of(server: Server, caller: Caller, chat: Chat, file_id: str) -> None:
    """Take a file out of a chat; answers that cite it stay as they are."""
    detach(server, caller, chat.files, file_id)
    server.live.tell(chat.id)


def wait_for_files(server: Server, chat: Chat, *, stopped: Stopped) -> None:
    """Return once no file of the chat is being read any more, or after a while."""
    until = time.monotonic() + WAIT_SECONDS
    while any(file.state == "in_progress" for file in _files(server, chat)):
        if stopped() or time.monotonic() > until:
            return
        time.sleep(_LOOK_EVERY_SECONDS)


def stores_to_choose(server: Server, caller: Caller) -> list[Record]:
    """Return the stores that a caller may search in a chat, without those of other chats' files."""
    return [store for store in all_stores(server, caller) if OF_CHAT not in (store.body["metadata"] or {})]


def _with_store(server: Server, caller: Caller, chat: Chat) -> Chat:
    store = create_store(server, caller, name="Files of a chat", metadata={OF_CHAT: chat.id})
    return change_chat(server, caller, chat.id, files=store.id)


def _file(record: Record) -> ChatFile:
    reason = str((record.body["last_error"] or {}).get("message", ""))
    return ChatFile(record.body["file"], record.body["filename"], record.label, reason)
