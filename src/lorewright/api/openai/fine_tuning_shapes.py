"""Fine-tuning jobs, their events and their checkpoints as clients see them."""

from typing import Any

from lorewright.storage import Record


def shown_fine_tuning(organization: str, job: Record) -> dict[str, Any]:
    """Return a fine-tuning job object."""
    body = job.body
    method = body.get("method", "supervised")
    names = ["n_epochs", "learning_rate_multiplier", "batch_size", *(["beta"] if method == "dpo" else [])]
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
