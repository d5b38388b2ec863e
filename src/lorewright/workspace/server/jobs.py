"""Jobs of the domain as clients see them: which they may see, start, follow and cancel."""

import os
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound, UserError
from lorewright.jobs import Event, Job, State, stop
from lorewright.jobs.process import this_host
from lorewright.models import Stopped, never
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.jobs.kinds import verb_of
from lorewright.workspace.jobs.orders import (
    audit_start,
    is_ordered_by,
    need_right,
    ordered_by,
    unsigned_order,
)
from lorewright.workspace.jobs.process import log_path, result_of
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.2
RETRIED = ("add", "pull", "tune", "compare")
"""The kinds of jobs that can be started again by themselves; the others belong to something of the API."""
_STOPPED = ("failed", "cancelled")


def list_jobs(
    server: Server, caller: Caller, *, kind: str | None = None, state: State | None = None
) -> list[Job]:
    """Return the jobs that a key may see, the newest first."""
    caller.need("read")
    reads_all = readable(server.workspace, caller).is_all
    jobs = server.workspace.queue.all(kind=kind, state=state)
    return [job for job in jobs if _may_see(caller, job, reads_all=reads_all)]


def find_job(server: Server, caller: Caller, job_id: str) -> Job:
    """Return a job; raise `NotFound` for one that is not there or not for this key."""
    caller.need("read")
    unknown = NotFound(f"No job found with id {job_id!r}.")
    reads_all = readable(server.workspace, caller).is_all  # first: what is hidden takes no longer
    try:
        job = server.workspace.queue.get(job_id)
    except UserError as error:
        raise unknown from error
    if not _may_see(caller, job, reads_all=reads_all):
        raise unknown
    return job


def start_job(server: Server, caller: Caller, kind: str, order: Mapping[str, object]) -> Job:
    """Return the job for an order, begun in the background."""
    need_right(server.workspace, caller, kind)
    job = server.start(kind, ordered_by(caller, order))
    audit_start(server.workspace, caller, job)
    return job


def cancel_job(server: Server, caller: Caller, job_id: str) -> Job:
    """Return the job, cancelled: its worker is ended with all it started, and what it finished is kept."""
    job = find_job(server, caller, job_id)
    caller.need(verb_of(job.kind))
    if job.is_over:
        raise BadParameter("job_id", f"The job {job_id} is already {job.state}.")
    if job.pid == os.getpid() and job.host in (None, this_host()):
        raise BadParameter(
            "job_id", f"The job {job_id} ({job.kind}) runs inside the server and cannot be cancelled."
        )
    stopped = stop(server.workspace.queue, job)
    audit(server.workspace, caller, Act.JOB_CANCELLED, job_id, kind=job.kind)
    return stopped


def can_retry(caller: Caller, job: Job) -> bool:
    """Return whether a key may start a stopped job again: its own, or any for an administrator."""
    is_theirs = caller.is_admin or is_ordered_by(caller, job)
    return is_theirs and caller.may(verb_of(job.kind)) and job.kind in RETRIED and job.state in _STOPPED


def retry_job(server: Server, caller: Caller, job_id: str) -> Job:
    """Return a job that failed or was cancelled, begun again: what it finished is not done twice.

    Raises `BadParameter` for one that is not over, that is finished, or that belongs to a resource
    of the API, which is started there.
    """
    job = find_job(server, caller, job_id)
    caller.need(verb_of(job.kind))
    if not can_retry(caller, job):
        what = f"is {job.state}" if job.state not in _STOPPED else "cannot be started again here"
        raise BadParameter("job_id", f"The job {job_id} ({job.kind}) {what}.")
    return start_job(server, caller, job.kind, unsigned_order(job.order))


def n_problems(job: Job) -> int:
    """Return how many things a finished job could not do, such as the files that it could not read."""
    result = job.result if isinstance(job.result, Mapping) else {}
    unreadable = result.get("unreadable")
    return len(unreadable) if isinstance(unreadable, Mapping) else 0


def job_events(server: Server, caller: Caller, job: Job, *, after: int = 0) -> list[Event]:
    """Return what a job told after the event `after`."""
    _need_sight(server, caller, job)
    return list(server.workspace.queue.events(job.id, after=after))


def steps_of(server: Server, caller: Caller, job: Job) -> list[tuple[str, int, float]]:
    """Return the steps that a job has finished: the name, the attempt, and the seconds they took."""
    _need_sight(server, caller, job)
    return list(server.workspace.queue.steps(job.id))


def events_of(
    server: Server, caller: Caller, job: Job, *, after: int = 0, stopped: Stopped = never
) -> Iterator[Event]:
    """Yield what a job told after the event `after`, and goes on telling, until it is over."""
    _need_sight(server, caller, job)
    queue, pause = server.workspace.queue, threading.Event()
    while not stopped():
        is_over = queue.get(job.id).is_over  # before its events: none comes after that
        for event in queue.events(job.id, after=after):
            after = event.id
            yield event
        if is_over:
            return
        pause.wait(_LOOK_EVERY_SECONDS)


def wait_for(server: Server, caller: Caller, job: Job) -> Any:
    """Return what a job came to once it is over; raise what stopped it."""
    for _ in events_of(server, caller, job):
        pass
    return result_of(server.workspace.queue.get(job.id), log_path(server.workspace))


def is_interrupted(server: Server, caller: Caller, job: Job) -> bool:
    """Return whether a job lost its worker: it goes on when the same is asked for again."""
    _need_sight(server, caller, job)
    return job.state == "running" and not server.workspace.queue.is_alive(job)


def _need_sight(server: Server, caller: Caller, job: Job) -> None:
    """Raise `NotFound` for a job that a caller neither sees nor may start."""
    may_start, reads_all = caller.may(verb_of(job.kind)), readable(server.workspace, caller).is_all
    if not _may_see(caller, job, reads_all=reads_all) or not (may_start or caller.may("read")):
        raise NotFound(f"No job found with id {job.id!r}.")


def _may_see(caller: Caller, job: Job, *, reads_all: bool) -> bool:
    """Return whether a key may see a job: its own, or any where it may read all that jobs tell of.

    What others started names documents, and answers from them.
    """
    if caller.is_admin:
        return True
    return verb_of(job.kind) != "admin" and (is_ordered_by(caller, job) or reads_all)
