"""An adapter is trained once: who asks for one that another job trains now waits, and gets what that made."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lorewright.errors import InUse, UserError
from lorewright.jobs import Job, Steps
from lorewright.jobs.process import is_running, this_host
from lorewright.storage import Records
from lorewright.tuning import Run
from lorewright.workspace.domain.workspace import Workspace

KIND = "training"
"""The kind of records that name, for each folder of a run, the job that trains in it."""
_LOOK_EVERY_SECONDS = 0.5


def run_folder(workspace: Workspace, kind: str, fingerprint: str) -> Path:
    """Return where a run keeps its rows, checkpoints and adapter."""
    return workspace.state_folder / "runs" / f"{kind}-{fingerprint[:12]}"


def train_once(
    workspace: Workspace, kind: str, fingerprint: str, steps: Steps, train: Callable[[Path], Run]
) -> dict[str, Any]:
    """Return the run of an adapter as JSON: what was trained before, or what `train` makes in its folder.

    No two jobs train in one folder. A job that was killed keeps nobody waiting: the next one goes on
    at its checkpoint.
    """
    known = workspace.runs.find(kind, fingerprint)
    if known is not None:
        return known.to_json()
    folder = run_folder(workspace, kind, fingerprint)
    with _alone_in(workspace, folder, steps):
        known = workspace.runs.find(kind, fingerprint)  # another job may have trained it meanwhile
        return (known or train(folder)).to_json()


@contextmanager
def _alone_in(workspace: Workspace, folder: Path, steps: Steps) -> Iterator[None]:
    """Wait until no other job trains in a folder, and keep it from others."""
    job = _taken_by(workspace, folder, steps.job_id)
    if job is not None:
        steps.say(
            f"Another job ({job.kind}, {job.id}) is training this adapter: waiting to use what it learns. "
            "Cancel this job to stop waiting."
        )
    while job is not None:
        time.sleep(_LOOK_EVERY_SECONDS)
        job = _taken_by(workspace, folder, steps.job_id)
    try:
        yield
    finally:
        _give_up(workspace, folder, steps.job_id)


def training_job(workspace: Workspace, folder: Path) -> Job | None:
    """Return the living job that trains in a folder now, `None` where none does."""
    record = Records(workspace.database, KIND).find(_name(folder))
    return _alive(workspace, record.body) if record else None


def _taken_by(workspace: Workspace, folder: Path, job_id: str) -> Job | None:
    """Take the folder for a job, or return the other one that has it."""
    records = Records(workspace.database, KIND)
    record = records.find(_name(folder))
    before = dict(record.body) if record else {}
    other = _alive(workspace, before)
    if other is not None and other.id != job_id:
        return other

    def take(body: dict[str, Any]) -> dict[str, Any]:
        if body != before:
            raise InUse("Another job was faster.")
        return {"job": job_id}

    with suppress(InUse):
        records.put(_name(folder), take)
        return None
    return _taken_by(workspace, folder, job_id)


def _give_up(workspace: Workspace, folder: Path, job_id: str) -> None:
    """Let others have the folder, unless they have it by now."""
    Records(workspace.database, KIND).change(
        _name(folder), lambda body: {} if body.get("job") == job_id else body
    )


def _alive(workspace: Workspace, body: Mapping[str, Any]) -> Job | None:
    if not body.get("job"):
        return None
    try:
        job = workspace.queue.get(body["job"])
    except UserError:  # it is not there any more
        return None
    return job if workspace.queue.is_alive(job) or _is_ending(job) else None


def _is_ending(job: Job) -> bool:
    """Return whether a cancelled job still saves what it learned."""
    if job.state != "cancelled" or job.pid is None or job.host not in (None, this_host()):
        return False
    return is_running(job.pid, job.pid_started or 0.0)


def _name(folder: Path) -> str:
    return f"training/{folder.name}"
