"""A job in a process of its own: how it is started, and what it did."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lorewright import errors
from lorewright.access import Caller
from lorewright.jobs import (
    TAKEN,
    Event,
    Job,
    Start,
    StayingWorker,
    Steps,
    follow,
    perform,
    stay,
    stop,
    worker_process,
)
from lorewright.settings import child_environment
from lorewright.workspace.domain.open_domain import OpenDomain
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import QUIET_THREADS
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.jobs.orders import audit_start, need_right, ordered_by


class RunningJob:
    """A job under way, as seen by whoever waits for it."""

    def __init__(
        self, workspace: Workspace, job: Job, *, start: Start | None = None,
        keeping: Callable[[Job], None] | None = None,
    ) -> None:  # fmt: skip
        """Take the job; where nobody does it, `start` gives it a worker, without it a process of its own.

        `keeping` keeps it from others until that worker has begun.
        """
        self._keeping = keeping
        self._workspace = workspace
        self._id = job.id
        self._start = start or _own_process(workspace)

    def events(self, *, left: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Yield what the job tells until it is over, or until `left()`, which ends its worker."""
        log = log_path(self._workspace)
        yield from follow(
            self._workspace.queue, self.job(), self._start, log=log, left=left, keeping=self._keeping
        )

    def job(self) -> Job:
        """Return the job as it is now."""
        return self._workspace.queue.get(self._id)

    def result(self) -> Any:
        """Return what the job came to; raise what stopped it."""
        return result_of(self.job(), log_path(self._workspace))

    def stop(self) -> None:
        """Cancel the job; what it finished is kept."""
        stop(self._workspace.queue, self.job())


def staying_worker(workspace: Workspace) -> StayingWorker:
    """Return a worker for one job of the domain after the other."""
    return StayingWorker(_command(workspace), environment=_environment(workspace), log=log_path(workspace))


def _own_process(workspace: Workspace) -> Start:
    return worker_process(_command(workspace), environment=_environment(workspace), log=log_path(workspace))


def _command(workspace: Workspace) -> list[str]:
    return [sys.executable, "-m", "lorewright.workspace.jobs.process", str(workspace.folder)]


def _environment(workspace: Workspace) -> dict[str, str]:
    return child_environment(*_secrets(workspace)) | QUIET_THREADS


def _secrets(workspace: Workspace) -> list[str]:
    """Return the names of variables that a job may need: keys of models and tool servers, the database."""
    settings = workspace.settings
    servers = (*settings.tools.values(), *settings.agent.programs.values())
    models = (settings.models.api_key_env, settings.tuning.api_key_env)
    places = (*settings.storage.variables, *settings.retrieval.index_variables)
    rays = [name for name in os.environ if name.startswith("RAY_")]  # how to reach a cluster, its token too
    return [*models, *places, *rays, *(server.key_env for server in servers)]


def log_path(workspace: Workspace) -> Path:
    """Return the file that workers write to: warnings of libraries, and tracebacks of bugs."""
    return workspace.state_folder / "worker.log"


def start_job_process(
    workspace: Workspace, caller: Caller, kind: str, order: Mapping[str, Any]
) -> RunningJob:
    """Return the job for this order, new or continued, to be followed."""
    need_right(workspace, caller, kind)
    job = workspace.queue.submit(kind, ordered_by(caller, order))
    audit_start(workspace, caller, job)
    return RunningJob(workspace, job)


def progress_of(event: Event) -> tuple[str, int, int]:
    """Return label, done and total of a progress event."""
    return str(event.body["label"]), int(event.body["done"]), int(event.body["total"])


def work(folder: Path, job_id: str) -> None:
    """Do one queued job of the domain in `folder`, in this process."""
    with Workspace(folder) as workspace:
        _work_in(workspace, job_id)


def work_on(folder: Path) -> None:
    """Do the jobs of the domain in `folder` whose ids come on standard input, until that is closed."""
    with OpenDomain(folder) as domain:
        stay(lambda job_id: _work_in(domain.workspace(), job_id), domain.tidy)


def _work_in(workspace: Workspace, job_id: str) -> None:
    """Do a job; one that another worker took meanwhile ends the process."""
    kind = workspace.queue.get(job_id).kind

    def do(order: Mapping[str, Any], steps: Steps) -> Any:
        return imported(JOB_KINDS[kind].run)(workspace, order, steps)

    try:
        perform(workspace.queue, job_id, {kind: do}, lost=_end_all)
    except errors.Busy:
        sys.exit(TAKEN)


def _end_all() -> None:
    """End this process with everything it started: its job is somebody else's by now, or nobody's."""
    if os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGTERM)


def result_of(job: Job, log: Path) -> Any:
    """Return the result of a job that is over; raise what stopped it, of its own class.

    What was no error of ours is a bug: `log` is where its traceback stands.
    """
    if job.state == "finished":
        return job.result
    if job.state == "cancelled":
        raise errors.Cancelled("The job was cancelled.", hint="Run the same command again to continue.")
    failure = job.error
    kind = getattr(errors, failure["type"], None)
    if kind is None:
        raise errors.Permanent(
            f"{failure['type']}: {failure['message']}", hint=failure["hint"] or f"See {log} for details."
        )
    error: errors.LorewrightError = kind(failure["message"], hint=failure["hint"])
    raise error


if __name__ == "__main__":
    os.umask(0o077)
    if len(sys.argv) > 2:
        work(Path(sys.argv[1]), sys.argv[2])
    else:
        work_on(Path(sys.argv[1]))
