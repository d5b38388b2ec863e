"""Fine-tuning jobs as clients of the API order them."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, Cancelled
from lorewright.storage import Page, Record, Records
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.collections.files import own_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of, page_of

KIND = "fine-tune"
JOBS, EVENTS, CHECKPOINTS = "fine_tuning_job", "fine_tuning_event", "fine_tuning_checkpoint"
OVER = frozenset({"succeeded", "failed", "cancelled"})
MAX_SUFFIX = 64
RUNS = "fine_tuning"
"""The folder, below the state of a domain, with a folder for what every job learned."""


def create_fine_tuning(
    server: Server,
    caller: Caller,
    *,
    model: str,
    training_file: str,
    validation_file: str | None = None,
    suffix: str = "",
    seed: int = 0,
    method: str = "supervised",
    hyperparameters: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Record:
    """Return a new fine-tuning job, begun in the background.

    `model` is the base model or a tuned one, which is then learned further. `method` is
    "supervised", or "dpo", "kto" or "orpo" for preferences. `hyperparameters` are OpenAI's: `n_epochs`,
    `learning_rate_multiplier`, `batch_size` and for preferences `beta`, each a number or "auto".
    """
    caller.need("tune")
    order = checked_order(
        server, caller, model=model, training_file=training_file, validation_file=validation_file,
        suffix=suffix, seed=seed, method=method, hyperparameters=hyperparameters, metadata=metadata,
    )  # fmt: skip
    body = order | {
        "status": "validating_files",
        "error": None,
        "estimated_finish": None,
        "finished_at": None,
        "trained_tokens": None,
        "result_files": [],
        "fine_tuned_model": None,
    }
    job = server.records(JOBS).add(
        f"ftjob-{uuid4().hex[:24]}", body, owner=caller.id, label="validating_files"
    )
    tell(server.records(EVENTS), job.id, f"Created fine-tuning job: {job.id}")
    server.start(KIND, {"job": job.id})
    audit(server.workspace, caller, Act.FINE_TUNING_CREATED, job.id, model=order["model"])
    return job


def checked_order(
    server: Server,
    caller: Caller,
    *,
    model: str,
    training_file: str,
    validation_file: str | None = None,
    suffix: str = "",
    seed: int = 0,
    method: str = "supervised",
    hyperparameters: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an order as a job keeps it; raise what is wrong with it."""
    caller.need("tune")
    served = find_served(server, model, caller)
    if served.engine is None or served.engine.is_remote:
        raise BadParameter(
            "model", f"{model!r} cannot be tuned here. Use the base model or one of its tuned models."
        )
    for param, file_id in (("training_file", training_file), ("validation_file", validation_file)):
        if file_id is not None and own_file(server, caller, file_id).body["purpose"] != "fine-tune":
            raise BadParameter(param, f"The file {file_id} was not uploaded with purpose 'fine-tune'.")
    if len(suffix) > MAX_SUFFIX or ":" in suffix:
        raise BadParameter(
            "suffix", f"suffix is {suffix!r}; it must have at most {MAX_SUFFIX} characters and no ':'."
        )
    return {
        "model": served.id,
        "uri": served.engine.uri,
        "adapter": served.engine.adapter,  # to learn further from, or ''
        "training_file": training_file,
        "validation_file": validation_file,
        "suffix": suffix,
        "seed": seed,
        "method": method,
        "hyperparameters": dict(hyperparameters or {}),
        "metadata": checked_metadata(metadata),
    }


def list_fine_tuning(
    server: Server,
    caller: Caller,
    *,
    limit: int = 20,
    after: str = "",
    metadata: Mapping[str, str] | None = None,
) -> Page:
    """Return a page of the jobs that a key may see and that carry this metadata, the newest first.

    `None` asks for the jobs without metadata.
    """
    caller.need("tune")
    jobs = [
        job
        for job in server.records(JOBS).all(owner=owner_of(caller))
        if (
            not job.body["metadata"] if metadata is None else metadata.items() <= job.body["metadata"].items()
        )
    ]
    return page_of(jobs, limit=limit, after=after)


def jobs_with(server: Server, file_id: str) -> Iterator[str]:
    """Yield the unfinished jobs that read a file."""
    for job in server.records(JOBS).all():
        if job.body["status"] not in OVER and file_id in (
            job.body["training_file"], job.body["validation_file"],
        ):  # fmt: skip
            yield job.id


def tell(
    events: Records, job_id: str, message: str, *, level: str = "info", data: Mapping[str, Any] | None = None
) -> None:
    """Record an event of a job; with `data` it is one of metrics."""
    body = {"message": message, "level": level, "type": "metrics" if data else "message", "data": data or {}}
    events.add(f"ftevent-{uuid4().hex[:24]}", body, parent=job_id)


def set_status(jobs: Records, job_id: str, status: str, **values: Any) -> Record:
    """Return the job with another status; raise `Cancelled` for one that a client halted."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] in OVER or body["status"] == "paused":
            raise Cancelled(f"The job {job_id} is {body['status']}.")
        over = {"finished_at": int(time.time())} if status in OVER else {}
        return {**body, "estimated_finish": None, "status": status, **over, **values}

    return jobs.change(job_id, change, label=status)


def fail(
    jobs: Records, events: Records, job_id: str, message: str, *, code: str, param: str | None = None
) -> None:
    """Let a job fail that is not over, and say why."""
    with suppress(Cancelled):
        set_status(jobs, job_id, "failed", error={"code": code, "param": param, "message": message})
        tell(events, job_id, message, level="error")
