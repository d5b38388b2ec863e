"""Jobs of the domain as clients see them: which they may see, start, follow and cancel."""

import os
import threading
from collections.abc import Iterator, Mapping

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound, UserError
from lorewright.jobs import Event, Job, State, stop
from lorewright.models import Stopped, never
from lorewright.workspace.jobs.kinds import verb_of
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.2


def list_jobs(
    server: Server, caller: Caller, *, kind: str | None = None, state: State | None = None
) -> list[Job]:
    """Return the jobs that a key may see, the newest first."""
    caller.need("read")
    return [job for job in server.workspace.queue.all(kind=kind, state=state) if _may_see(caller, job)]


def find_job(server: Server, caller: Caller, job_id: str) -> Job:
    """Return a job; raise `NotFound` for one that is not there or not for this key."""
    caller.need("read")
    unknown = NotFound(f"No job found with id {job_id!r}.")
    try:
        found = server.workspace.queue.get(job_id)
    except UserError as error:
        raise unknown from error
    if not _may_see(caller, found):
        raise unknown
    return found


def start_job(server: Server, caller: Caller, kind: str, order: Mapping[str, object]) -> Job:
    """Return the job for an order, begun in the background."""
    caller.need(verb_of(kind))
    if kind == "add":
        caller.need_documents()
    return server.start(kind, order)


def cancel_job(server: Server, caller: Caller, job_id: str) -> Job:
    """Return the job, cancelled: its worker is ended with all it started, and what it finished is kept."""
    found = find_job(server, caller, job_id)
    caller.need(verb_of(found.kind))
    if found.is_over:
        raise BadParameter("job_id", f"The job {job_id} is {found.state} already.")
    if found.pid == os.getpid():
        raise BadParameter("job_id", f"The job {job_id} ({found.kind}) is done by the server itself.")
    return stop(server.workspace.queue, found)


def events_of(server: Server, job_id: str, *, after: int = 0, stopped: Stopped = never) -> Iterator[Event]:
    """Yield what a job told after the event `after`, and goes on telling, until it is over."""
    queue, pause = server.workspace.queue, threading.Event()
    while not stopped():
        is_over = queue.get(job_id).is_over  # before its events: none comes after that
        for event in queue.events(job_id, after=after):
            after = event.id
            yield event
        if is_over:
            return
        pause.wait(_LOOK_EVERY_SECONDS)


def is_interrupted(server: Server, job: Job) -> bool:
    """Return whether a job lost its worker: it goes on when the same is asked for again."""
    return job.state == "running" and not server.workspace.queue.is_alive(job)


def _may_see(caller: Caller, job: Job) -> bool:
    """Return whether a key may see a job; those that add documents name them."""
    return caller.is_admin or (verb_of(job.kind) != "admin" and (job.kind != "add" or caller.sees_documents))
