"""What somebody chose for the studio itself, kept on the server: light or dark."""

from typing import Any

from lorewright.access import Caller
from lorewright.workspace.server.server import Server

KIND = "studio_preferences"


def preferences_of(server: Server, caller: Caller) -> dict[str, Any]:
    """Return what a caller chose, by name."""
    record = server.records(KIND).find(_id(caller))
    return dict(record.body) if record else {}


def set_preference(server: Server, caller: Caller, name: str, value: Any) -> None:
    """Keep what a caller chose; it holds for nobody else."""
    caller.need("read")
    server.records(KIND).put(_id(caller), lambda body: body | {name: value})


def _id(caller: Caller) -> str:
    return f"preferences/{caller.user or caller.id}"
