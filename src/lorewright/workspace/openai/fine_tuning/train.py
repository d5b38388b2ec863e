"""A fine-tuning job at work: a client's file in, a tuned model out."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from lorewright import errors
from lorewright.errors import Cancelled, InvalidExamples, TooFewExamples
from lorewright.jobs import Job, Steps
from lorewright.storage import Record, Records
from lorewright.tuning import Adapter, Recipe, Row, check_fit, load_trainer
from lorewright.tuning.chat_rows import left_out
from lorewright.workspace.domain.memory import available_bytes, give_back
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import sigterm_deferred
from lorewright.workspace.openai.fine_tuning.checks import check_rows
from lorewright.workspace.openai.fine_tuning.estimate import estimate_job
from lorewright.workspace.openai.fine_tuning.jobs import EVENTS, JOBS, RUNS, fail, set_status, tell
from lorewright.workspace.openai.fine_tuning.material import READERS, read_lines, recipe_of, rows_of
from lorewright.workspace.openai.fine_tuning.reporting import JobReporter, keep_results
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.hour_price import hour_price


def fine_tune(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Train the adapter that a job orders and return the name of the tuned model.

    Killed anywhere, it goes on at its last checkpoint. Asked to end, it saves one first. Raises
    `Cancelled` for a job that a client halted.
    """
    with sigterm_deferred() as ending, closing(Server(workspace.folder)) as server:
        jobs, events = server.records(JOBS), server.records(EVENTS)
        job = jobs.get(str(order["job"]))
        rows = _rows(server, job, "training_file")
        validation = _rows(server, job, "validation_file") if job.body["validation_file"] else []
        recipe = recipe_of(workspace, job.body, len(rows))
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


def _rows(server: Server, job: Record, name: str) -> list[Row]:
    """Return the rows of a file; one that cannot be learned from lets the job fail, and raises."""
    try:
        return rows_of(server, job.body, name)
    except (InvalidExamples, TooFewExamples) as error:
        fail(
            server.records(JOBS), server.records(EVENTS), job.id, f"{error} {error.hint}".strip(),
            code=f"invalid_{name}", param=name,
        )  # fmt: skip
        raise


def _check(
    server: Server, job: Record, rows: Sequence[Row], validation: Sequence[Row], recipe: Recipe
) -> str:
    """Return why nothing can be learned from the rows, '' where something can; tell what to know of them."""
    checked = check_rows(rows, validation, recipe)
    _warn(server, job, () if checked.problem else checked.warnings)
    return checked.problem


def _warn(server: Server, job: Record, warnings: Sequence[str]) -> None:
    """Tell what the job leaves out, and these warnings."""
    is_chats = job.body.get("method") not in READERS
    lines = read_lines(server, job.body, "training_file", left_out) if is_chats else []
    if job.body["hyperparameters"].get("batch_size") not in (None, "auto"):
        lines.append("batch_size is ignored: batches are sized by tokens.")
    for line in (*lines, *warnings):
        tell(server.records(EVENTS), job.id, line, level="warn")


def _train(
    server: Server, job: Record, rows: list[Row], validation: list[Row], reporter: JobReporter, steps: Steps
) -> Adapter:
    workspace = server.workspace
    recipe = recipe_of(workspace, job.body, len(rows))
    base = workspace.store.pull(job.body["uri"], say=steps.say)
    tuning = workspace.settings.tuning
    check_fit(rows, recipe, base=base.path, available_bytes=available_bytes(), tuning=tuning)
    start = job.body["adapter"]
    set_status(server.records(JOBS), job.id, "running")
    steps.once(
        "begun",
        lambda: reporter.say(
            f"Fine-tuning job started: {len(rows)} rows, {recipe.epochs:g} epochs, "
            f"learning rate {recipe.learning_rate:g}."
        ),
    )
    if told := estimate_job(workspace, job.body, rows, recipe).told(hour_price(workspace)):
        steps.once("estimated", lambda: reporter.say(told))
    adapter = load_trainer(recipe.trainer, tuning, free_memory=available_bytes).train(
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
