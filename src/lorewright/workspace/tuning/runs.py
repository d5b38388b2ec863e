"""Tuning runs: started, listed, resumed, chosen, removed."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lorewright.access import Caller
from lorewright.errors import BadParameter, InUse, NotFound
from lorewright.flows.arm_names import ADAPTERS
from lorewright.jobs import Job
from lorewright.tuning import Run
from lorewright.tuning.curve import Curve, read_curve
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.settings_file import save_settings
from lorewright.workspace.domain.tuned_elsewhere import tuned_there
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.jobs import cancel_job, start_job
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.elsewhere import cancel_elsewhere
from lorewright.workspace.tuning.once import training_job
from lorewright.workspace.tuning.plan import Dials


def start_tuning(server: Server, caller: Caller, dials: Dials, *, only: str | None = None) -> Job:
    """Return the job that trains the adapters (or `only` one) with these dials, begun in the background.

    The dials become the domain's settings: a comparison trains with the same ones.
    """
    caller.need("tune")
    changes = dials.changes(server.workspace.settings)
    if changes:
        save_settings(server.workspace, caller, changes)
    return start_job(server, caller, "tune", {"only": only})


State = Literal["running", "paused", "finished", "failed", "cancelled", "gone"]
KINDS = ("tune", "compare")
"""The kinds of job that train adapters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRun:
    """A run, how it stands, and whether the arms use it; `job` trains it now, `reason` is why it stopped."""

    run: Run
    state: State
    is_in_use: bool
    job: Job | None = None
    reason: str = ""

    @property
    def folder(self) -> Path:
        """The folder with everything the run wrote."""
        path = Path(self.run.path)
        return path.parent if self.run.state == "finished" else path

    @property
    def remote_model(self) -> str:
        """The source of the model that another server made, '' for a run of this machine."""
        there = tuned_there(self.run.kind, self.run.path) if self.state == "finished" else None
        return there.uri if there else ""

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that speak with this kind of adapter."""
        return ("hybrid",) if self.run.adapter == "context" else ("tuned",)


def list_runs(server: Server, caller: Caller) -> list[ShownRun]:
    """Return every run, the latest first."""
    caller.need("read")
    workspace = server.workspace
    used = {kind: workspace.runs.latest(kind) for kind in ADAPTERS}
    ids = {run.id for run in used.values() if run}
    jobs = [job for job in workspace.queue.all() if job.kind in KINDS]
    runs = workspace.runs.all()
    under_way = _under_way(workspace, runs, jobs)
    return [_shown_run(run, jobs, under_way.get(run.id), is_in_use=run.id in ids) for run in runs]


def _under_way(workspace: Workspace, runs: Sequence[Run], jobs: Sequence[Job]) -> dict[str, Job]:
    """Return, by the ids of runs, the jobs that train them now; one that has yet to begin gets the newest."""
    open_runs = [run for run in runs if run.state == "running"]
    training = {run.id: job for run in open_runs if (job := training_job(workspace, Path(run.path)))}
    waiting = [run for run in open_runs if run.id not in training]
    busy = {job.id for job in training.values()}
    alive = (job for job in jobs if job.state == "queued" or workspace.queue.is_alive(job))
    starting = next((job for job in alive if job.id not in busy), None)
    if waiting and starting is not None:
        training[max(waiting, key=lambda run: run.started_at).id] = starting
    return training


def find_run(server: Server, caller: Caller, run_id: str) -> ShownRun:
    """Return a run; raise `NotFound` where there is none."""
    matching = next((run for run in list_runs(server, caller) if run.run.id == run_id), None)
    if matching is None:
        raise NotFound(f"No tuning run found with id {run_id!r}.")
    return matching


def curve_of(tuning_run: ShownRun) -> Curve:
    """Return how a run went so far; one from before curves were kept has its losses alone."""
    curve = read_curve(tuning_run.folder)
    metrics = tuning_run.run.metrics
    if curve.losses or metrics is None:
        return curve
    return Curve(
        n_steps=len(metrics.losses), losses=metrics.losses, n_tokens=metrics.n_tokens, seconds=metrics.seconds
    )


def tuning_jobs(server: Server, caller: Caller) -> list[Job]:
    """Return the jobs that train adapters now or wait to, the newest first."""
    caller.need("read")
    return [job for job in server.workspace.queue.all(kind="tune") if not job.is_over]


def promote_run(server: Server, caller: Caller, run_id: str) -> ShownRun:
    """Return a run that the arms use from now on, until a newer one finishes."""
    caller.need("tune")
    find_run(server, caller, run_id)
    server.workspace.runs.promote(run_id)
    audit(server.workspace, caller, Act.RUN_PROMOTED, run_id)
    return find_run(server, caller, run_id)


def pause_run(server: Server, caller: Caller, run_id: str) -> ShownRun:
    """Return a run, paused: it goes on at its last checkpoint, a few seconds back."""
    caller.need("tune")
    tuning_run = find_run(server, caller, run_id)
    if tuning_run.job is None:
        raise InUse(f"The run {run_id} is {tuning_run.state}, not running.")
    if tuning_run.job.kind != "tune":
        raise InUse(
            "This run is part of a comparison.",
            hint=f"Cancel the job {tuning_run.job.id} to stop both; both can be resumed later.",
        )
    cancel_job(server, caller, tuning_run.job.id)
    return find_run(server, caller, run_id)


def resume_run(server: Server, caller: Caller, run_id: str) -> Job:
    """Return the job that goes on with a paused run."""
    caller.need("tune")
    tuning_run = find_run(server, caller, run_id)
    if tuning_run.state != "paused":
        raise InUse(f"The run {run_id} is {tuning_run.state}, not paused.")
    stopped = [job for job in server.workspace.queue.all(kind="tune") if job.state != "finished"]
    fits = (job.order for job in stopped if job.order["only"] in (None, tuning_run.run.adapter))
    return start_job(server, caller, "tune", next(fits, {"only": tuning_run.run.adapter}))


def cancel_tuning_run(server: Server, caller: Caller, run_id: str) -> ShownRun:
    """Return an unfinished run, cancelled for good: what it learned is removed."""
    caller.need("tune")
    tuning_run = find_run(server, caller, run_id)
    if tuning_run.run.state != "running":
        raise InUse(f"The run {run_id} is already {tuning_run.state}.")
    if tuning_run.job is not None:
        pause_run(server, caller, run_id)
    job = training_job(server.workspace, tuning_run.folder)
    if job is not None:
        raise InUse(
            f"Another job ({job.kind}, {job.id}) waited for this run and goes on with it.",
            hint=f"Cancel the job {job.id}, then the run.",
        )
    cancel_elsewhere(server.workspace, tuning_run.run)
    server.workspace.runs.let_go(tuning_run.run)
    shutil.rmtree(tuning_run.folder, ignore_errors=True)
    audit(server.workspace, caller, Act.RUN_CANCELLED, run_id)
    return find_run(server, caller, run_id)


def adapter_file(server: Server, caller: Caller, run_id: str) -> Path:
    """Return the file of a finished run: the adapter as GGUF, for the recipe full the whole model.

    A classifier is one file of safetensors.
    """
    caller.need("tune")
    tuning_run = find_run(server, caller, run_id)
    if tuning_run.state != "finished":
        raise BadParameter("run", f"The run {run_id} is {tuning_run.state} and has no adapter to export.")
    if tuning_run.run.kind == "remote":
        raise BadParameter("run", f"The model of the run {run_id} is on the server that tuned it.")
    return Path(tuning_run.run.path)


def adapter_archive(server: Server, caller: Caller, run_id: str) -> Path:
    """Return a zip file with the adapter as PEFT reads it: safetensors and their configuration."""
    folder = adapter_file(server, caller, run_id).parent
    kept = next((place for name in ("adapter", "model") if (place := folder / name).is_dir()), None)
    if kept is None:
        raise BadParameter("run", f"The run {run_id} has no safetensors files.")
    archive = folder / f"{kept.name}-{run_id[:8]}.zip"
    if not archive.exists():
        shutil.make_archive(str(archive.with_suffix("")), "zip", kept)
    return archive


def _shown_run(run: Run, jobs: Sequence[Job], job: Job | None, *, is_in_use: bool) -> ShownRun:
    if run.state == "finished":
        state: State = "finished" if Path(run.path).is_file() else "gone"
        return ShownRun(run=run, state=state, is_in_use=is_in_use)
    if run.state != "running":
        reason = _reason(run, jobs) if run.state == "failed" else ""
        return ShownRun(
            run=run, state="failed" if run.state == "failed" else "cancelled", is_in_use=False, reason=reason
        )
    if job is not None:
        return ShownRun(run=run, state="running", is_in_use=False, job=job)
    return ShownRun(run=run, state="paused", is_in_use=False, reason=_reason(run, jobs))


def _reason(run: Run, jobs: Sequence[Job]) -> str:
    """Return why the job ended that trained a run, as far as it failed."""
    over = (job for job in jobs if (job.finished_at or 0.0) >= run.started_at and job.state == "failed")
    failed = min(over, key=lambda job: job.finished_at or 0.0, default=None)
    return f"{failed.error.get('message', '')} {failed.error.get('hint', '')}".strip() if failed else ""
