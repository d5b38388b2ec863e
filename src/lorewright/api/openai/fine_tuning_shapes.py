"""Fine-tuning jobs, their events and their checkpoints as clients see them."""

from typing import Any

from lorewright.storage import Record
from lorewright.workspace.openai.fine_tuning.estimate import FineTuningEstimate


def shown_fine_tuning(organization: str, job: Record) -> dict[str, Any]:
    """Return a fine-tuning job object."""
    body = job.body
    method = body.get("method", "supervised")
    names = ["n_epochs", "learning_rate_multiplier", "batch_size"]
    names += ["beta"] if method != "supervised" else []
    dials = dict.fromkeys(names, "auto") | body["hyperparameters"]
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
        "method": {"type": method, method: {"hyperparameters": dials}},
        "training_file": body["training_file"],
        "validation_file": body["validation_file"],
        "result_files": body["result_files"],
        "trained_tokens": body["trained_tokens"],
        "seed": body["seed"],
        "integrations": [],
        "metadata": body["metadata"],
        "user_provided_suffix": body["suffix"] or None,
    }


def shown_estimate(estimate: FineTuningEstimate) -> dict[str, Any]:
    """Return an estimate; `None` stands for what is not known, each range is from and to."""
    takes, timing, usd = estimate.takes, estimate.takes.timing, estimate.usd_range
    return {
        "object": "fine_tuning.estimate",
        "n_rows": takes.n_rows,
        "n_validation_rows": estimate.n_validation_rows,
        "n_epochs": estimate.recipe.epochs,
        "trained_tokens": timing.tokens if timing else None,
        "seconds": timing.seconds if timing else None,
        "seconds_range": [timing.low, timing.high] if timing else None,
        "n_earlier_runs": timing.n_measured if timing else 0,
        "memory_bytes_range": list(takes.memory_range) if takes.memory_bytes else None,
        "free_bytes": estimate.free_bytes,
        "usd_range": list(usd) if usd else None,
        "hour_usd": estimate.hour_usd,
        "problem": estimate.problem or None,
        "warnings": list(estimate.warnings),
    }


def shown_event(event: Record) -> dict[str, Any]:
    """Return an event object of a job."""
    return {
        "id": event.id, "object": "fine_tuning.job.event", "created_at": int(event.created_at), **event.body,
    }  # fmt: skip


def shown_checkpoint(checkpoint: Record) -> dict[str, Any]:
    """Return a checkpoint object of a job."""
    return {
        "id": checkpoint.id, "object": "fine_tuning.job.checkpoint",
        "created_at": int(checkpoint.created_at), "fine_tuning_job_id": checkpoint.parent,
        **checkpoint.body,
    }  # fmt: skip
