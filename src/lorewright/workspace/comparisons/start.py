"""Starting to measure: the arms that a caller may use."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from lorewright.access import Caller
from lorewright.errors import UnknownName
from lorewright.jobs import Job
from lorewright.workspace.flows.catalogue import may_use_flow, need_any_flow
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import Server


def start_comparison(server: Server, caller: Caller, order: Mapping[str, Any]) -> Job:
    """Return the job that measures what an order names, begun in the background.

    An order that names no arms measures all of them, which takes a caller who may use them all.
    Raises `UnknownName` for an arm that the caller may not use: it is not there.
    """
    caller.need("evaluate")
    names = cast("Sequence[str] | None", order["arms"])
    if not names:
        need_any_flow(caller)
    for name in names or ():
        if not may_use_flow(server.workspace, caller, name):
            raise UnknownName(
                f"No arm named {name!r}.", hint="Choose one that this key has permission to use."
            )
    return start_job(server, caller, "compare", order)
