"""Fine-tuning jobs that clients halt and let go on."""

import shutil
import time
from collections.abc import Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.errors import InUse
from lorewright.jobs import Job
from lorewright.storage import Page, Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.fine_tuning.jobs import (
    CHECKPOINTS,
    EVENTS,
    JOBS,
    KIND,
    OVER,
    RUNS,
    checked_order,
    create_fine_tuning,
    tell,
)
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of


def find_fine_tuning(server: Server, caller: Caller, job_id: str) -> Record:
    """Return a job as it is; one that lost its place in the background work gets it again.

    It has lost it where the server was killed between taking the order and beginning it.
    """
    caller.need("tune")
    job = get_owned(server.records(JOBS), job_id, caller)
    is_waiting = job.body["status"] in ("validating_files", "queued")
    if is_waiting and all(work.state == "cancelled" for work in _works(server, job_id)):
        server.start(KIND, {"job": job_id})
    return job


def cancel_fine_tuning(server: Server, caller: Caller, job_id: str) -> Record:
    """Return the job, cancelled: what it learned is let go."""
    job = _halt(server, caller, job_id, "cancelled", {"finished_at": int(time.time())})
    for model in server.records("tuned_model").all():
        if model.body.get("job") == job_id:
            server.records("tuned_model").remove(model.id)
    server.records(CHECKPOINTS).remove_all(parent=job_id)
    shutil.rmtree(server.workspace.state_folder / RUNS / job_id, ignore_errors=True)
    audit(server.workspace, caller, Act.FINE_TUNING_CANCELLED, job_id)
    return job


def pause_fine_tuning(server: Server, caller: Caller, job_id: str) -> Record:
    """Return the job, paused: it goes on at its last checkpoint."""
    paused = _halt(server, caller, job_id, "paused", {})
    audit(server.workspace, caller, Act.FINE_TUNING_PAUSED, job_id)
    return paused


def resume_fine_tuning(server: Server, caller: Caller, job_id: str) -> Record:
    """Return a paused job, going on."""
    caller.need("tune")
    get_owned(server.records(JOBS), job_id, caller)

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] != "paused":
            raise InUse(f"The job {job_id} is {body['status']}, not paused.")
        return {**body, "status": "queued"}

    changed = server.records(JOBS).change(job_id, change, label="queued")
    tell(server.records(EVENTS), job_id, "The job was resumed.")
    server.start(KIND, {"job": job_id})
    audit(server.workspace, caller, Act.FINE_TUNING_RESUMED, job_id)
    return changed


def continued_fine_tuning(
    server: Server, caller: Caller, *, model: str, training_file: str, **order: Any
) -> Record:
    """Return the caller's unfinished job with this order and such a file, going on, or a new one.

    So that a command that was stopped, or killed, goes on at its last checkpoint when it is given again.
    """
    wanted = checked_order(server, caller, model=model, training_file=training_file, **order)
    for job in reversed(server.records(JOBS).all(owner=owner_of(caller))):
        is_open = job.body["status"] not in OVER and job.body["status"] != "paused"
        if is_open and _content(server, job.body) == _content(server, wanted):
            server.start(KIND, {"job": job.id})
            return job
    return create_fine_tuning(server, caller, model=model, training_file=training_file, **order)


def _content(server: Server, order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what decides what a job learns: the order, with its files by what they hold."""
    names = ("model", "adapter", "suffix", "seed", "method", "hyperparameters")
    content = {name: order.get(name) for name in names}
    for name in ("training_file", "validation_file"):
        file = server.records("file").find(order[name]) if order[name] else None
        content[name] = file.body["sha256"] if file else order[name]
    return content


def list_parts(
    server: Server, caller: Caller, job_id: str, kind: str, *, after: str = "", limit: int = 20
) -> Page:
    """Return a page of what belongs to a job: its `EVENTS` or its `CHECKPOINTS`, the newest first."""
    find_fine_tuning(server, caller, job_id)
    return server.records(kind).page(parent=job_id, after=after, limit=limit)


def lines_of(server: Server, caller: Caller, job_id: str) -> list[Record]:
    """Return the messages that a job told, the oldest first."""
    find_fine_tuning(server, caller, job_id)
    return [event for event in server.records(EVENTS).all(parent=job_id) if event.body["type"] == "message"]


def _halt(server: Server, caller: Caller, job_id: str, status: str, values: dict[str, Any]) -> Record:
    """Return the job with its new status; when this returns, nobody works on it any more."""
    caller.need("tune")
    get_owned(server.records(JOBS), job_id, caller)

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] in OVER or body["status"] == status:
            raise InUse(f"The job {job_id} is already {body['status']}.")
        return {**body, "status": status, "estimated_finish": None, **values}

    halted = server.records(JOBS).change(job_id, change, label=status)
    for work in _works(server, job_id):
        if not work.is_over:
            server.workspace.queue.cancel(work.id)
    tell(server.records(EVENTS), job_id, f"The job was {status}.")
    return halted


def _works(server: Server, job_id: str) -> list[Job]:
    return [work for work in server.workspace.queue.all(kind=KIND) if work.order["job"] == job_id]
