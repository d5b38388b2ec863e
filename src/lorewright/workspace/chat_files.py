"""Files dropped into a chat: searched by its answers, in a vector store of the chat's own."""

import time
from collections.abc import Sequence

from lorewright.access import Key
from lorewright.errors import UserError
from lorewright.storage import Record
from lorewright.workspace.files import upload_file
from lorewright.workspace.home import Home
from lorewright.workspace.store_changes import create_store
from lorewright.workspace.store_files import Attachment, attach
from lorewright.workspace.stores import find_store

NAME = "Files of a chat"
WAIT_SECONDS = 90.0
_LOOK_EVERY_SECONDS = 0.2


def add_chat_file(home: Home, caller: Key, stores: Sequence[str], name: str, content: bytes) -> str:
    """Return the id of the store that holds the file: the chat's own, made with its first file.

    Waits until it can be found. Raises `UserError` with the reason for one that cannot be read.
    """
    caller.need("files")
    caller.need("stores")
    store = _own_store(home, caller, stores)
    file = upload_file(home, caller, [content], filename=name, purpose="user_data")
    tokens = home.workspace.settings.retrieval.chunk_tokens
    attached = attach(home, caller, store, [Attachment(file.id, {}, tokens)])[0]
    return _indexed(home, store, attached, name)


def _own_store(home: Home, caller: Key, stores: Sequence[str]) -> Record:
    for store_id in stores:
        found = find_store(home, caller, store_id)
        if found.body["name"] == NAME:
            return found
    return create_store(home, caller, name=NAME)


def _indexed(home: Home, store: Record, attached: Record, name: str) -> str:
    """Return the store's id once the file is in its index, or is taking long."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        now = home.records("store_file").get(attached.id)
        if now.label == "failed":
            reason = (now.body.get("last_error") or {}).get("message", "")
            raise UserError(f"{name} cannot be read: {reason}", hint="Save it in another format.")
        if now.label == "completed":
            break
        time.sleep(_LOOK_EVERY_SECONDS)
    return store.id
