"""`/v1/fine_tuning/jobs`: training files in, tuned models out."""

from typing import Any

from fastapi import APIRouter, Request
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed
from lorewright.api.openai.fine_tuning_request import JobRequest
from lorewright.api.openai.fine_tuning_shapes import (
    shown_checkpoint,
    shown_estimate,
    shown_event,
    shown_fine_tuning,
)
from lorewright.workspace.openai.fine_tuning.estimate import estimate_fine_tuning
from lorewright.workspace.openai.fine_tuning.halting import (
    cancel_fine_tuning,
    find_fine_tuning,
    list_parts,
    pause_fine_tuning,
    resume_fine_tuning,
)
from lorewright.workspace.openai.fine_tuning.jobs import (
    CHECKPOINTS,
    EVENTS,
    create_fine_tuning,
    list_fine_tuning,
)

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"])


@router.post("", responses=answers(FineTuningJob))
def create_job(body: JobRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a fine-tuning job."""
    return shown_fine_tuning(server.name, create_fine_tuning(server, caller, **body.ordered()))


@router.post("/estimate")
def estimate_job(body: JobRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return what a job with this order would take: time, memory and money, as ranges; nothing is begun."""
    return shown_estimate(estimate_fine_tuning(server, caller, **body.ordered()))


@router.get("", responses=answers(ListOf[FineTuningJob]))
def list_jobs(
    request: Request, server: ServerOf, caller: CallerOf, after: str = "", limit: Limit = 20
) -> dict[str, Any]:
    """List jobs, the newest first: all, or those with `metadata[key]=value`, or with `metadata=null`."""
    page = list_fine_tuning(server, caller, limit=limit, after=after, metadata=_wanted(request))
    return listed(page, lambda job: shown_fine_tuning(server.name, job))


@router.get("/{job_id}", responses=answers(FineTuningJob))
def get_job(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one job."""
    return shown_fine_tuning(server.name, find_fine_tuning(server, caller, job_id))


@router.post("/{job_id}/cancel", responses=answers(FineTuningJob))
def cancel_job(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a job."""
    return shown_fine_tuning(server.name, cancel_fine_tuning(server, caller, job_id))


@router.post("/{job_id}/pause", responses=answers(FineTuningJob))
def pause_job(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Pause a job; it can be resumed from its last checkpoint."""
    return shown_fine_tuning(server.name, pause_fine_tuning(server, caller, job_id))


@router.post("/{job_id}/resume", responses=answers(FineTuningJob))
def resume_job(job_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Resume a paused job."""
    return shown_fine_tuning(server.name, resume_fine_tuning(server, caller, job_id))


@router.get("/{job_id}/events", responses=answers(ListOf[FineTuningJobEvent]))
def list_events(
    job_id: str, server: ServerOf, caller: CallerOf, after: str = "", limit: Limit = 20
) -> dict[str, Any]:
    """List the events of a job, the newest first."""
    return listed(list_parts(server, caller, job_id, EVENTS, after=after, limit=limit), shown_event)


@router.get("/{job_id}/checkpoints", responses=answers(ListOf[FineTuningJobCheckpoint]))
def list_checkpoints(
    job_id: str, server: ServerOf, caller: CallerOf, after: str = "", limit: Limit = 10
) -> dict[str, Any]:
    """List the checkpoints that can be used as models: the last one of a job that succeeded."""
    page = list_parts(server, caller, job_id, CHECKPOINTS, after=after, limit=limit)
    return listed(page, shown_checkpoint)


def _wanted(request: Request) -> dict[str, str] | None:
    """Return the metadata that a list is asked for; `None` stands for jobs without any."""
    query = request.query_params
    if query.get("metadata") == "null":
        return None
    begin, end = "metadata[", "]"
    return {
        key.removeprefix(begin).removesuffix(end): value
        for key, value in query.items()
        if key.startswith(begin) and key.endswith(end)
    }
