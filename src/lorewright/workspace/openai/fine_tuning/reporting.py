"""What a fine-tuning job reports: events, checkpoints and its results file."""

import csv
import io
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from lorewright.errors import Cancelled
from lorewright.jobs import Steps
from lorewright.models.engine_key import short_name
from lorewright.storage import Record
from lorewright.tuning import Adapter
from lorewright.workspace.collections.files import keep_file
from lorewright.workspace.openai.fine_tuning.jobs import CHECKPOINTS, EVENTS, JOBS, set_status, tell
from lorewright.workspace.server.server import Server


def keep_results(server: Server, job: Record, adapter: Adapter, steps: Steps) -> str:
    """Return the name of the tuned model, saved with the job's results."""
    metrics = adapter.metrics
    name: str = steps.once("name", lambda: _name(server, job))
    is_whole = adapter.kind == "full"
    body = {
        "uri": f"file:{adapter.path}" if is_whole else job.body["uri"],
        "adapter": "" if is_whole else str(adapter.path.relative_to(server.workspace.state_folder)),
        "base": job.body["model"],
        "sha256": adapter.sha256,
        "job": job.id,
    }
    if server.records("tuned_model").find(name) is None:
        server.records("tuned_model").add(name, body, owner=job.owner)
    file_id: str = steps.once("results", lambda: _losses(server, job, adapter))
    steps.once("checkpoint", lambda: _checkpoint(server, job, adapter, name))
    set_status(
        server.records(JOBS), job.id, "succeeded",
        fine_tuned_model=name, result_files=[file_id], trained_tokens=metrics.n_tokens,
    )  # fmt: skip
    tell(server.records(EVENTS), job.id, f"New fine-tuned model created: {name}")
    return name


def _name(server: Server, job: Record) -> str:
    """Return a new name, of the base's where a tuned model was learned further."""
    model = str(job.body["model"])
    base = model.split(":")[1] if model.startswith("ft:") else short_name(job.body["uri"])
    return f"ft:{base}:{server.name}:{job.body['suffix']}:{uuid4().hex[:8]}"


def _losses(server: Server, job: Record, adapter: Adapter) -> str:
    """Return the id of a new file with the loss of every step."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["step", "train_loss", "valid_loss"])
    losses, last = adapter.metrics.losses, adapter.metrics.validation_loss
    for number, loss in enumerate(losses, start=1):
        valid = last if number == len(losses) and last is not None else ""
        table.writerow([number, f"{loss:.6f}", valid])
    file = keep_file(
        server, [text.getvalue().encode()], filename="step_metrics.csv", purpose="fine-tune-results",
        owner=job.owner,
    )  # fmt: skip
    return file.id


def _checkpoint(server: Server, job: Record, adapter: Adapter, name: str) -> str:
    metrics = adapter.metrics
    body = {
        "fine_tuned_model_checkpoint": name,
        "step_number": len(metrics.losses),
        "metrics": {
            "step": len(metrics.losses), "train_loss": metrics.losses[-1],
            "valid_loss": metrics.validation_loss,
        },
    }  # fmt: skip
    return server.records(CHECKPOINTS).add(f"ftckpt_{uuid4().hex[:24]}", body, parent=job.id).id


_LOOK_EVERY_SECONDS = 1.0


class JobReporter:
    """Progress, lines and losses of a trainer as the events and the estimate of a job.

    `ending` tells whether this process was stopped.
    """

    def __init__(self, server: Server, job: Record, steps: Steps, ending: Callable[[], bool]) -> None:
        self._jobs, self._events = server.records(JOBS), server.records(EVENTS)
        self._job, self._steps, self._ending = job, steps, ending
        self._follow = steps.progress("fine-tuning")
        self._begun: tuple[float, int] | None = None
        self._looked_at = 0.0

    def say(self, line: str) -> None:
        """Tell a line."""
        self._steps.say(line)
        tell(self._events, self._job.id, line)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is; raise `Cancelled` for a job that a client halted."""
        self._follow(done, total)
        if self._ending():
            raise Cancelled(f"The worker of {self._job.id} was stopped.")
        now = time.time()
        self._begun = self._begun or (now, done)
        if now - self._looked_at < _LOOK_EVERY_SECONDS:
            return
        self._looked_at = now
        begun_at, n_before = self._begun
        n_learned = done - n_before
        finish = int(now + (now - begun_at) * (total - done) / n_learned) if n_learned else None
        set_status(self._jobs, self._job.id, "running", estimated_finish=finish)

    def step(self, number: int, n_steps: int, loss: float) -> None:
        """Tell the loss of a step, once: a job that was killed does its last steps again."""
        data = {"step": number, "train_loss": loss, "total_steps": n_steps}
        self._steps.once(f"metrics {number}", lambda: self._tell_metrics(data))

    def _tell_metrics(self, data: Mapping[str, Any]) -> None:
        line = f"Step {data['step']}/{data['total_steps']}: training loss={data['train_loss']:.3f}"
        tell(self._events, self._job.id, line, data=data)
