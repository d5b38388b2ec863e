"""`/v1/fine_tuning/jobs`: training files in, tuned models out."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from lorewright.api.caller import Caller, HomeOf
from lorewright.api.errors import BadParameter
from lorewright.api.pages import Limit, listed
from lorewright.storage import Page, Record
from lorewright.workspace.fine_tuning import CHECKPOINTS, EVENTS, list_fine_tuning, order_fine_tuning
from lorewright.workspace.fine_tuning_halts import (
    cancel_fine_tuning,
    find_fine_tuning,
    pause_fine_tuning,
    resume_fine_tuning,
)

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"])

SEED = 42


class Hyperparameters(BaseModel):
    """OpenAI's dials; "auto" leaves one to us."""

    model_config = ConfigDict(extra="forbid")

    n_epochs: Literal["auto"] | int | None = Field(default=None)
    learning_rate_multiplier: Literal["auto"] | float | None = None
    batch_size: Literal["auto"] | int | None = None


class MethodDials(BaseModel):
    """The dials of one method."""

    hyperparameters: Hyperparameters | None = None


class Method(BaseModel):
    """How to learn: `supervised` from examples; `dpo` and `reinforcement` are refused by name."""

    type: Literal["supervised", "dpo", "reinforcement"]
    supervised: MethodDials | None = None


class JobRequest(BaseModel):
    """A request for a fine-tuning job."""

    model_config = ConfigDict(extra="ignore")

    model: str
    training_file: str
    validation_file: str | None = None
    suffix: str | None = None
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    hyperparameters: Hyperparameters | None = None
    method: Method | None = None
    integrations: list[Any] | None = None
    metadata: dict[str, Any] | None = None


@router.post("")
def create_job(body: JobRequest, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Order a fine-tuning job."""
    if body.method is not None and body.method.type != "supervised":
        raise BadParameter("method", f"The method {body.method.type!r} is not done here; 'supervised' is.")
    if body.integrations:
        raise BadParameter("integrations", "There are no integrations here; follow the job's events.")
    dials = _dials(body)
    _check(dials)
    job = order_fine_tuning(
        home,
        caller,
        model=body.model,
        training_file=body.training_file,
        validation_file=body.validation_file,
        suffix=body.suffix or "",
        seed=SEED if body.seed is None else body.seed,
        hyperparameters=dials.model_dump(exclude_none=True),
        metadata=body.metadata,
    )
    return shown_job(home.name, job)


@router.get("")
def list_jobs(
    request: Request, home: HomeOf, caller: Caller, after: str = "", limit: Limit = 20
) -> dict[str, Any]:
    """List jobs, the newest first: all, or those with `metadata[key]=value`, or with `metadata=null`."""
    page = list_fine_tuning(home, caller, limit=limit, after=after, metadata=_wanted(request))
    return listed(page, lambda job: shown_job(home.name, job))


@router.get("/{job_id}")
def get_job(job_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Return one job."""
    return shown_job(home.name, find_fine_tuning(home, caller, job_id))


@router.post("/{job_id}/cancel")
def cancel_job(job_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Cancel a job."""
    return shown_job(home.name, cancel_fine_tuning(home, caller, job_id))


@router.post("/{job_id}/pause")
def pause_job(job_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Pause a job; it keeps what it learned."""
    return shown_job(home.name, pause_fine_tuning(home, caller, job_id))


@router.post("/{job_id}/resume")
def resume_job(job_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Let a paused job go on."""
    return shown_job(home.name, resume_fine_tuning(home, caller, job_id))


@router.get("/{job_id}/events")
def list_events(
    job_id: str, home: HomeOf, caller: Caller, after: str = "", limit: Limit = 20
) -> dict[str, Any]:
    """List what a job told, the newest first."""
    return listed(_parts(home, caller, job_id, EVENTS, after, limit), _shown_event)


@router.get("/{job_id}/checkpoints")
def list_checkpoints(
    job_id: str, home: HomeOf, caller: Caller, after: str = "", limit: Limit = 10
) -> dict[str, Any]:
    """List the checkpoints that can be used as models: the last one of a job that succeeded."""
    return listed(_parts(home, caller, job_id, CHECKPOINTS, after, limit), _shown_checkpoint)


def shown_job(organization: str, job: Record) -> dict[str, Any]:
    """Return a fine-tuning job object."""
    body = job.body
    auto = {"n_epochs": "auto", "learning_rate_multiplier": "auto", "batch_size": "auto"}
    dials = auto | body["hyperparameters"]
    return {
        "id": job.id,
        "object": "fine_tuning.job",
        "created_at": int(job.created_at),
        "organization_id": organization,
        "model": body["model"],
        "status": body["status"],
        "fine_tuned_model": body["fine_tuned_model"],
        "finished_at": body["finished_at"],
        "estimated_finish": body.get("estimated_finish"),
        "error": body["error"],
        "hyperparameters": dials,
        "method": {"type": "supervised", "supervised": {"hyperparameters": dials}},
        "training_file": body["training_file"],
        "validation_file": body["validation_file"],
        "result_files": body["result_files"],
        "trained_tokens": body["trained_tokens"],
        "seed": body["seed"],
        "integrations": [],
        "metadata": body["metadata"],
        "user_provided_suffix": body["suffix"] or None,
    }


def _dials(body: JobRequest) -> Hyperparameters:
    """Return the hyperparameters, from where newer or older clients put them."""
    method = body.method.supervised if body.method else None
    return (method.hyperparameters if method else None) or body.hyperparameters or Hyperparameters()


def _check(dials: Hyperparameters) -> None:
    limits: dict[str, tuple[float, float]] = {
        "n_epochs": (1, 50), "learning_rate_multiplier": (1e-4, 100), "batch_size": (1, 256),
    }  # fmt: skip
    for name, value in dials.model_dump(exclude_none=True).items():
        low, high = limits[name]
        if value != "auto" and not low <= value <= high:
            raise BadParameter(
                f"hyperparameters.{name}", f"{name} is {value}; it must be {low:g} to {high:g}."
            )


def _parts(home: HomeOf, caller: Caller, job_id: str, kind: str, after: str, limit: int) -> Page:
    find_fine_tuning(home, caller, job_id)
    return home.records(kind).page(parent=job_id, after=after, limit=limit)


def _wanted(request: Request) -> dict[str, str] | None:
    """Return the metadata that a list is asked for; `None` stands for jobs without any."""
    asked = request.query_params
    if asked.get("metadata") == "null":
        return None
    begin, end = "metadata[", "]"
    return {
        key.removeprefix(begin).removesuffix(end): value
        for key, value in asked.items()
        if key.startswith(begin) and key.endswith(end)
    }


def _shown_event(event: Record) -> dict[str, Any]:
    return {
        "id": event.id, "object": "fine_tuning.job.event", "created_at": int(event.created_at), **event.body,
    }  # fmt: skip


def _shown_checkpoint(checkpoint: Record) -> dict[str, Any]:
    return {
        "id": checkpoint.id, "object": "fine_tuning.job.checkpoint",
        "created_at": int(checkpoint.created_at), "fine_tuning_job_id": checkpoint.parent,
        **checkpoint.body,
    }  # fmt: skip
