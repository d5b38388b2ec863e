"""Which right a job takes, and the note of who started one."""

from lorewright.access import Caller
from lorewright.jobs import Job
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.kinds import verb_of


def need_right(caller: Caller, kind: str) -> None:
    """Raise `NotAllowed` unless a caller may start and cancel jobs of this kind."""
    caller.need(verb_of(kind))
    if kind == "add":
        caller.need_documents()


def audit_start(workspace: Workspace, caller: Caller, job: Job) -> None:
    """Write down who started a job."""
    audit(workspace, caller, Act.JOB_STARTED, job.id, kind=job.kind)
