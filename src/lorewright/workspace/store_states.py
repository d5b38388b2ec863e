"""From in progress to one of the ends: how a file in a vector store changes its state."""

from typing import Any

from lorewright.errors import NotFound
from lorewright.storage import Record
from lorewright.workspace.home import Home


def move(home: Home, file: Record, state: str, **changes: Any) -> bool:
    """Put a file that is in progress into another state, and return whether it is there now.

    A file that was removed, moved on or attached anew since `file` was read stays as it is.
    """

    def how(body: dict[str, Any]) -> dict[str, Any]:
        if body["turn"] != file.body["turn"]:
            raise _MovedOnError
        # A new turn: whoever still works on the old one comes too late.
        return body | changes | {"turn": f"{body['turn']}!"}

    if file.label != "in_progress":
        return False
    try:
        home.records("store_file").change(file.id, how, label=state)
    except (_MovedOnError, NotFound):
        return False
    return True


class _MovedOnError(Exception):
    """The file is not what it was when it was read."""
