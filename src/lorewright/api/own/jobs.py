"""`/lorewright/v1/jobs`: long work: started, followed as it goes, cancelled."""

from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ConfigDict

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.http.streaming import event, streamed
from lorewright.errors import BadParameter
from lorewright.jobs import Job, State
from lorewright.models import Stopped
from lorewright.request_body import RequestBody
from lorewright.workspace.jobs.orders import unsigned_order
from lorewright.workspace.jobs.process import progress_of
from lorewright.workspace.server.jobs import (
    cancel_job,
    events_of,
    find_job,
    is_interrupted,
    job_events,
    list_jobs,
    retry_job,
    start_job,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/jobs", tags=["jobs"])


class NewJob(RequestBody):
    """A request to sync the documents folder, or to tune: all adapters, or `only` one."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["add", "tune"]
    only: Literal["bare", "classifier", "context"] | None = None


@router.get("")
def get_jobs(
    server: ServerOf,
    caller: CallerOf,
    kind: str | None = None,
    state: State | None = None,
    limit: Limit = 20,
    after: str = "",
) -> dict[str, Any]:
    """List jobs, newest first."""
    jobs = list_jobs(server, caller, kind=kind, state=state)
    ids = [job.id for job in jobs]
    if after and after not in ids:
        raise BadParameter("after", f"No job found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = jobs[start : start + limit]
    return listed_values([shown_job(server, caller, job) for job in page], has_more=len(jobs) > start + limit)


@router.post("")
def create_job(body: NewJob, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a job; comparisons are started at /lorewright/v1/comparisons."""
    order = {"only": body.only} if body.kind == "tune" else {"paths": [], "is_sync": True}
    return shown_job(server, caller, start_job(server, caller, body.kind, order))


@router.get("/{job_id}")
def get_job(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one job, with its progress."""
    return shown_job(server, caller, find_job(server, caller, job_id))


@router.post("/{job_id}/cancel")
def cancel(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a job; finished steps are reused by the next job with the same parameters."""
    return shown_job(server, caller, cancel_job(server, caller, job_id))


@router.post("/{job_id}/retry")
def retry(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a failed or cancelled job again; its finished steps are kept."""
    return shown_job(server, caller, retry_job(server, caller, job_id))


@router.get("/{job_id}/events", response_model=None)
async def stream_events(
    job_id: str, request: Request, server: ServerOf, caller: CallerOf, after: int = 0
) -> Response:
    """Stream the events of a job, from the first or after a given one, and at the end the job itself."""
    job = find_job(server, caller, job_id)

    def pieces(stopped: Stopped) -> Iterator[str]:
        for job_event in events_of(server, caller, job, after=after, stopped=stopped):
            yield event(
                {"id": job_event.id, "object": "job.event", "kind": job_event.kind, **job_event.body},
                name=job_event.kind,
            )
        yield event(shown_job(server, caller, find_job(server, caller, job.id)), name="job")

    return await streamed(request, pieces)


def shown_job(server: Server, caller: Caller, job: Job) -> dict[str, Any]:
    """Return a job object."""
    events = job_events(server, caller, job)
    progress = [progress_of(one) for one in events if one.kind == "progress"]
    label, done, total = progress[-1] if progress else (None, 0, 0)
    return {
        "id": job.id,
        "object": "job",
        "kind": job.kind,
        "state": "interrupted" if is_interrupted(server, caller, job) else job.state,
        "order": unsigned_order(job.order),
        "attempt": job.attempt,
        "progress": {"label": label, "done": done, "total": total} if label else None,
        "result": job.result,
        "error": dict(job.error) or None,
        "created_at": int(job.created_at),
        "finished_at": int(job.finished_at) if job.finished_at else None,
    }
