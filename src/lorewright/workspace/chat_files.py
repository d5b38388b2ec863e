"""Files dropped into a chat: searched by its answers, in a vector store of the chat's own."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from lorewright.access import Key
from lorewright.models import Stopped
from lorewright.storage import Record
from lorewright.workspace.chats import Chat, change_chat, find_chat
from lorewright.workspace.files import upload_file
from lorewright.workspace.home import Home
from lorewright.workspace.store_changes import create_store
from lorewright.workspace.store_files import FILES, Attachment, attach, detach
from lorewright.workspace.stores import all_stores, find_store

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


def add_file(home: Home, caller: Key, chat_id: str, name: str, pieces: Iterable[bytes]) -> Chat:
    """Return the chat with one file more, which is read and indexed in the background."""
    caller.need("files")
    caller.need("stores")
    file = upload_file(home, caller, pieces, filename=name, purpose="user_data")
    with _MAKING:  # of files that come at once, the first makes the store
        chat = find_chat(home, caller, chat_id)
        if not chat.files:
            chat = _with_store(home, caller, chat)
    tokens = home.workspace.settings.retrieval.chunk_tokens
    attach(home, caller, find_store(home, caller, chat.files), [Attachment(file.id, {}, tokens)])
    home.live.tell(chat.id)
    return chat


def files_of(home: Home, chat: Chat) -> list[ChatFile]:
    """Return the files of a chat, the oldest first."""
    return [_file(record) for record in home.records(FILES).all(parent=chat.files)] if chat.files else []


def remove_file_of(home: Home, caller: Key, chat: Chat, file_id: str) -> None:
    """Take a file out of a chat; answers that cite it stay as they are."""
    detach(home, caller, chat.files, file_id)
    home.live.tell(chat.id)


def wait_for_files(home: Home, chat: Chat, *, stopped: Stopped) -> None:
    """Return once no file of the chat is being read any more, or after a while."""
    until = time.monotonic() + WAIT_SECONDS
    while any(file.state == "in_progress" for file in files_of(home, chat)):
        if stopped() or time.monotonic() > until:
            return
        time.sleep(_LOOK_EVERY_SECONDS)


def stores_to_choose(home: Home, caller: Key) -> list[Record]:
    """Return the stores that a caller may search in a chat, without those of other chats' files."""
    return [store for store in all_stores(home, caller) if OF_CHAT not in (store.body["metadata"] or {})]


def _with_store(home: Home, caller: Key, chat: Chat) -> Chat:
    store = create_store(home, caller, name="Files of a chat", metadata={OF_CHAT: chat.id})
    return change_chat(home, caller, chat.id, files=store.id)


def _file(record: Record) -> ChatFile:
    reason = str((record.body["last_error"] or {}).get("message", ""))
    return ChatFile(record.body["file"], record.body["filename"], record.label, reason)
