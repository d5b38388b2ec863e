"""What a fine-tuning job leaves: a model with its name, the losses as a file, and a checkpoint."""

import csv
import io
from uuid import uuid4

from lorewright.jobs import Steps
from lorewright.storage import Record
from lorewright.tuning import Adapter
from lorewright.workspace.files import keep_file
from lorewright.workspace.fine_tuning import CHECKPOINTS, EVENTS, JOBS, set_status, tell
from lorewright.workspace.home import Home
from lorewright.workspace.served import base_name


def keep_results(home: Home, job: Record, adapter: Adapter, steps: Steps) -> str:
    """Return the name of the tuned model, saved with the job's results."""
    metrics = adapter.metrics
    name: str = steps.once("name", lambda: _name(home, job))
    is_whole = adapter.kind == "full"
    body = {
        "uri": f"file:{adapter.path}" if is_whole else job.body["uri"],
        "adapter": "" if is_whole else str(adapter.path.relative_to(home.workspace.state_folder)),
        "base": job.body["model"],
        "sha256": adapter.sha256,
        "job": job.id,
    }
    if home.records("tuned_model").find(name) is None:
        home.records("tuned_model").add(name, body, owner=job.owner)
    file_id: str = steps.once("results", lambda: _losses(home, job, adapter))
    steps.once("checkpoint", lambda: _checkpoint(home, job, adapter, name))
    set_status(
        home.records(JOBS), job.id, "succeeded",
        fine_tuned_model=name, result_files=[file_id], trained_tokens=metrics.n_tokens,
    )  # fmt: skip
    tell(home.records(EVENTS), job.id, f"New fine-tuned model created: {name}")
    return name


def _name(home: Home, job: Record) -> str:
    """Return a new name, of the base's where a tuned model was learned further."""
    model = str(job.body["model"])
    base = model.split(":")[1] if model.startswith("ft:") else base_name(job.body["uri"])
    return f"ft:{base}:{home.name}:{job.body['suffix']}:{uuid4().hex[:8]}"


def _losses(home: Home, job: Record, adapter: Adapter) -> str:
    """Return the id of a new file with the loss of every step."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["step", "train_loss", "valid_loss"])
    losses, last = adapter.metrics.losses, adapter.metrics.validation_loss
    for number, loss in enumerate(losses, start=1):
        valid = last if number == len(losses) and last is not None else ""
        table.writerow([number, f"{loss:.6f}", valid])
    file = keep_file(
        home, [text.getvalue().encode()], filename="step_metrics.csv", purpose="fine-tune-results",
        owner=job.owner,
    )  # fmt: skip
    return file.id


def _checkpoint(home: Home, job: Record, adapter: Adapter, name: str) -> str:
    metrics = adapter.metrics
    body = {
        "fine_tuned_model_checkpoint": name,
        "step_number": len(metrics.losses),
        "metrics": {
            "step": len(metrics.losses), "train_loss": metrics.losses[-1],
            "valid_loss": metrics.validation_loss,
        },
    }  # fmt: skip
    return home.records(CHECKPOINTS).add(f"ftckpt_{uuid4().hex[:24]}", body, parent=job.id).id
