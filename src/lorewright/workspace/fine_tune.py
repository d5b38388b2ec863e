"""A fine-tuning job at work: a client's file in, a tuned model out."""

import csv
import io
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from lorewright.errors import Cancelled, InvalidExamples, TooFewExamples
from lorewright.jobs import Job, Steps
from lorewright.storage import Record, Records
from lorewright.tuning import Adapter, Recipe, Row, check_enough, check_fit, load_trainer, recipe_for
from lorewright.tuning.chat_rows import chat_rows
from lorewright.workspace.files import keep_file, path_of
from lorewright.workspace.fine_tuning import CHECKPOINTS, EVENTS, JOBS, set_status, tell
from lorewright.workspace.home import Home
from lorewright.workspace.memory import available_bytes, give_back
from lorewright.workspace.served import base_name
from lorewright.workspace.workspace import Workspace

MIN_ROWS = 10
RUNS = "fine_tuning"


def fine_tune(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Train the adapter that a job orders and return the name of the tuned model.

    Killed anywhere, it goes on at its last checkpoint; halted by a client, it ends.
    """
    with closing(Home(workspace.folder)) as home:
        jobs, events = home.records(JOBS), home.records(EVENTS)
        job = jobs.get(str(order["job"]))
        try:
            rows, validation = _rows(home, job, "training_file"), _rows(home, job, "validation_file")
            check_enough(len(rows), MIN_ROWS)
            set_status(jobs, job.id, "running")
            tell(events, job.id, f"Fine-tuning begins on {len(rows)} rows.")
            adapter = _train(home, job, rows, validation, steps)
            return {"fine_tuned_model": _finish(home, job, adapter, steps)}
        except Cancelled:
            return {}


def settle(workspace: Workspace, job: Job) -> None:
    """Let a fine-tuning job fail whose work failed, with OpenAI's words for it."""
    if job.state != "failed":
        return
    jobs, events = Records(workspace.database, JOBS), Records(workspace.database, EVENTS)
    is_file = job.error["type"] in (InvalidExamples.__name__, TooFewExamples.__name__)
    message = f"{job.error['message']} {job.error['hint']}".strip()
    error = {
        "code": "invalid_training_file" if is_file else job.error["type"],
        "param": "training_file" if is_file else None,
        "message": message,
    }
    with suppress(Cancelled):
        set_status(jobs, str(job.order["job"]), "failed", error=error)
        tell(events, str(job.order["job"]), message, level="error")


def recipe_of(workspace: Workspace, job: Record, n_rows: int) -> Recipe:
    """Return the recipe that a job orders; what it leaves to us follows from the domain's settings."""
    settings, asked = workspace.settings, job.body["hyperparameters"]
    recipe = recipe_for(settings.tuning, effort=settings.effort, n_rows=n_rows)
    numbers = {name: value for name, value in asked.items() if value not in (None, "auto")}
    return replace(
        recipe,
        epochs=float(numbers.get("n_epochs", recipe.epochs)),
        learning_rate=recipe.learning_rate * float(numbers.get("learning_rate_multiplier", 1.0)),
        min_examples=MIN_ROWS,
        max_rows=max(recipe.max_rows, n_rows),
        seed=int(job.body["seed"]),
    )


def _rows(home: Home, job: Record, name: str) -> list[Row]:
    file_id = job.body[name]
    if file_id is None:
        return []
    path = path_of(home, home.records("file").get(file_id))
    try:
        return list(chat_rows(path.read_text(encoding="utf-8").splitlines()))
    except UnicodeDecodeError as error:
        raise InvalidExamples(f"The {name} is not UTF-8: {error}.", hint="Save it as UTF-8.") from error


def _train(home: Home, job: Record, rows: list[Row], validation: list[Row], steps: Steps) -> Adapter:
    workspace, events = home.workspace, home.records(EVENTS)
    recipe = recipe_of(workspace, job, len(rows))
    if job.body["hyperparameters"].get("batch_size") not in (None, "auto"):
        tell(events, job.id, "batch_size is not used: batches are filled by tokens.", level="warn")
    base = workspace.store.pull(job.body["uri"], say=steps.say)
    check_fit(rows, recipe, base=base.path, available_bytes=available_bytes())
    init_from = _path(workspace, job.body["adapter"]).parent / "adapter" if job.body["adapter"] else None

    def say(line: str) -> None:
        steps.say(line)
        tell(events, job.id, line)

    adapter = load_trainer(recipe.trainer).train(
        rows,
        validation=validation,
        recipe=recipe,
        base=base.path,
        folder=workspace.state_folder / RUNS / job.id,
        init_from=init_from,
        progress=steps.progress("fine-tuning"),
        say=say,
    )
    give_back()
    return adapter


def _finish(home: Home, job: Record, adapter: Adapter, steps: Steps) -> str:
    """Return the name of the tuned model, saved with its results."""
    metrics, workspace = adapter.metrics, home.workspace
    base = (
        job.body["model"].split(":")[1] if job.body["model"].startswith("ft:") else base_name(job.body["uri"])
    )
    name: str = steps.once("name", lambda: f"ft:{base}:{home.name}:{job.body['suffix']}:{uuid4().hex[:8]}")
    place = str(adapter.path.relative_to(workspace.state_folder))
    is_whole = adapter.kind == "full"
    body = {
        "uri": f"file:{adapter.path}" if is_whole else job.body["uri"],
        "adapter": "" if is_whole else place,
        "sha256": adapter.sha256,
        "job": job.id,
    }
    if home.records("tuned_model").find(name) is None:
        home.records("tuned_model").add(name, body, owner=job.owner)
    file_id: str = steps.once("results", lambda: _results(home, job, adapter))
    for number, loss in enumerate(metrics.losses, start=1):
        data = {"step": number, "train_loss": loss, "total_steps": len(metrics.losses)}
        steps.once(f"metrics {number}", lambda data=data: _tell_metrics(home, job, data))  # type: ignore[misc]
    steps.once("checkpoint", lambda: _checkpoint(home, job, adapter, name))
    set_status(
        home.records(JOBS), job.id, "succeeded",
        fine_tuned_model=name, result_files=[file_id], trained_tokens=metrics.n_tokens,
    )  # fmt: skip
    tell(home.records(EVENTS), job.id, f"New fine-tuned model created: {name}")
    return name


def _tell_metrics(home: Home, job: Record, data: Mapping[str, Any]) -> None:
    line = f"Step {data['step']}/{data['total_steps']}: training loss={data['train_loss']:.3f}"
    tell(home.records(EVENTS), job.id, line, data=data)


def _results(home: Home, job: Record, adapter: Adapter) -> str:
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


def _path(workspace: Workspace, adapter: str) -> Path:
    return workspace.state_folder / adapter
