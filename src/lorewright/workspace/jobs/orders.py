"""Which right a job takes, who ordered it, and the note of it."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import LOCAL, Caller, Keys
from lorewright.errors import NotAllowed
from lorewright.jobs import Job
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_all_documents
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.kinds import verb_of

BY = "by"
"""Where an order names who gave it; without it that was this machine's own command line."""


def need_right(workspace: Workspace, caller: Caller, kind: str) -> None:
    """Raise `NotAllowed` unless a caller may start and cancel jobs of this kind."""
    caller.need(verb_of(kind))
    if kind == "add":
        need_all_documents(workspace, caller)


def ordered_by(caller: Caller, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order of this caller: the job reads what they may read."""
    unsigned = unsigned_order(order)
    return unsigned if caller.id == LOCAL.id else {**unsigned, BY: caller.id}


def unsigned_order(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order without who gave it."""
    return {name: value for name, value in order.items() if name != BY}


def caller_of(workspace: Workspace, order: Mapping[str, Any]) -> Caller:
    """Return who gave an order, with the rights of now; raise `NotAllowed` where they have none left."""
    caller = Keys(workspace.database).find(str(order.get(BY, LOCAL.id)))
    if caller is None:
        raise NotAllowed("The key that started this job is no longer valid.", hint="Start it again.")
    return caller


def is_ordered_by(caller: Caller, job: Job) -> bool:
    """Return whether a job is the caller's own."""
    return job.order.get(BY) in caller.owners


def audit_start(workspace: Workspace, caller: Caller, job: Job) -> None:
    """Write down who started a job."""
    audit(workspace, caller, Act.JOB_STARTED, job.id, kind=job.kind)
