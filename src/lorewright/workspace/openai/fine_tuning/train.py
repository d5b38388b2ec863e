"""A fine-tuning job at work: a client's file in, a tuned model out."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from lorewright import errors
from lorewright.errors import Cancelled, InvalidExamples, TooFewExamples
from lorewright.jobs import Job, Steps
from lorewright.storage import Record, Records
from lorewright.tuning import (
    Adapter,
    Recipe,
    Row,
    check_enough,
    check_fit,
    load_trainer,
    preference_recipe,
    recipe_for,
)
from lorewright.tuning.chat_rows import chat_rows, left_out
from lorewright.tuning.preference_rows import preference_rows
from lorewright.workspace.collections.files import path_of
from lorewright.workspace.domain.memory import available_bytes, give_back
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import sigterm_deferred
from lorewright.workspace.openai.fine_tuning.checks import check_rows
from lorewright.workspace.openai.fine_tuning.jobs import EVENTS, JOBS, RUNS, fail, set_status, tell
from lorewright.workspace.openai.fine_tuning.reporting import JobReporter, keep_results
from lorewright.workspace.server.server import Server

MIN_ROWS = 10
BETA = 0.1


def fine_tune(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Train the adapter that a job orders and return the name of the tuned model.

    Killed anywhere, it goes on at its last checkpoint. Asked to end, it saves one first. Raises
    `Cancelled` for a job that a client halted.
    """
    with sigterm_deferred() as ending, closing(Server(workspace.folder)) as server:
        jobs, events = server.records(JOBS), server.records(EVENTS)
        job = jobs.get(str(order["job"]))
        rows = _rows(server, job, "training_file", at_least=MIN_ROWS)
        validation = _rows(server, job, "validation_file") if job.body["validation_file"] else []
        recipe = recipe_of(workspace, job, len(rows))
        problem: str = steps.once("checked", lambda: _check(server, job, rows, validation, recipe))
        if problem:
            fail(jobs, events, job.id, problem, code="invalid_training_file", param="training_file")
            raise InvalidExamples(problem)
        set_status(jobs, job.id, "queued")
        steps.once("queued", lambda: tell(events, job.id, "Files validated, moving job to queued state"))
        adapter = _train(server, job, rows, validation, JobReporter(server, job, steps, ending), steps)
        return {"fine_tuned_model": keep_results(server, job, adapter, steps)}


def settle(workspace: Workspace, job: Job) -> None:
    """Let a fine-tuning job fail whose work failed; what clients halted is as they left it."""
    if job.state != "failed" or job.error["type"] == Cancelled.__name__:
        return
    known = getattr(errors, job.error["type"], None)
    message, code = "The job failed due to an internal error. See the server's log.", "server_error"
    if isinstance(known, type) and issubclass(known, errors.LorewrightError):
        message = f"{job.error['message']} {job.error['hint']}".strip()
        code = re.sub(r"(?<!^)(?=[A-Z])", "_", known.__name__).lower()
    elif job.error["type"] == "WorkerLost":  # its hint names a file of ours
        message, code = job.error["message"], "worker_lost"
    jobs, events = Records(workspace.database, JOBS), Records(workspace.database, EVENTS)
    fail(jobs, events, str(job.order["job"]), message, code=code)


def recipe_of(workspace: Workspace, job: Record, n_rows: int) -> Recipe:
    """Return the recipe that a job orders; what it leaves to us follows from the domain's settings."""
    settings, hyperparameters = workspace.settings, job.body["hyperparameters"]
    recipe = recipe_for(settings.tuning, effort=settings.effort, n_rows=n_rows)
    numbers = {name: value for name, value in hyperparameters.items() if value not in (None, "auto")}
    if job.body.get("method") == "dpo":
        recipe = preference_recipe(recipe, beta=float(numbers.get("beta", BETA)))
    return replace(
        recipe,
        epochs=float(numbers.get("n_epochs", recipe.epochs)),
        learning_rate=recipe.learning_rate * float(numbers.get("learning_rate_multiplier", 1.0)),
        min_examples=MIN_ROWS,
        max_rows=max(recipe.max_rows, n_rows),
        seed=int(job.body["seed"]),
    )


def _rows(server: Server, job: Record, name: str, *, at_least: int = 1) -> list[Row]:
    """Return the rows of a file; one that cannot be learned from lets the job fail, and raises."""
    try:
        read = preference_rows if job.body.get("method") == "dpo" else chat_rows
        rows = _read(server, job, name, lambda lines: list(read(lines)))
        check_enough(len(rows), at_least)
    except (InvalidExamples, TooFewExamples) as error:
        hint = "Add rows to the file." if isinstance(error, TooFewExamples) else error.hint
        fail(
            server.records(JOBS), server.records(EVENTS), job.id, f"{error} {hint}".strip(),
            code=f"invalid_{name}", param=name,
        )  # fmt: skip
        raise
    return rows


def _read(server: Server, job: Record, name: str, read: Callable[[Any], list[Any]]) -> list[Any]:
    path = path_of(server, server.records("file").get(job.body[name]))
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return read(lines)
    except UnicodeDecodeError as error:
        raise InvalidExamples(f"The {name} is not UTF-8: {error}.", hint="Save it as UTF-8.") from error


def _check(
    server: Server, job: Record, rows: Sequence[Row], validation: Sequence[Row], recipe: Recipe
) -> str:
    """Return why nothing can be learned from the rows, '' where something can; tell what to know of them."""
    checked = check_rows(rows, validation, recipe)
    _warn(server, job, () if checked.problem else checked.warnings)
    return checked.problem


def _warn(server: Server, job: Record, warnings: Sequence[str]) -> None:
    """Tell what the job leaves out, and these warnings."""
    is_chats = job.body.get("method") != "dpo"
    lines = _read(server, job, "training_file", lambda lines: list(left_out(lines))) if is_chats else []
    if job.body["hyperparameters"].get("batch_size") not in (None, "auto"):
        lines.append("batch_size is ignored: batches are sized by tokens.")
    for line in (*lines, *warnings):
        tell(server.records(EVENTS), job.id, line, level="warn")


def _train(
    server: Server, job: Record, rows: list[Row], validation: list[Row], reporter: JobReporter, steps: Steps
) -> Adapter:
    workspace = server.workspace
    recipe = recipe_of(workspace, job, len(rows))
    base = workspace.store.pull(job.body["uri"], say=steps.say)
    tuning = workspace.settings.tuning
    check_fit(rows, recipe, base=base.path, available_bytes=available_bytes(), n_processes=tuning.processes)
    start = job.body["adapter"]
    set_status(server.records(JOBS), job.id, "running")
    steps.once(
        "begun",
        lambda: reporter.say(
            f"Fine-tuning job started: {len(rows)} rows, {recipe.epochs:g} epochs, "
            f"learning rate {recipe.learning_rate:g}."
        ),
    )
    adapter = load_trainer(recipe.trainer, tuning).train(
        rows,
        validation=validation,
        recipe=recipe,
        base=base.path,
        folder=workspace.state_folder / RUNS / job.id,
        init_from=(workspace.state_folder / start).parent / "adapter" if start else None,
        progress=reporter.progress,
        say=reporter.say,
        on_step=reporter.step,
    )
    give_back()
    return adapter
