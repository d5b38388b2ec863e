"""A job in a process of its own: how it is started, and what it did."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lorewright import errors
from lorewright.access import Caller
from lorewright.jobs import Event, Job, Steps, follow, perform, stop
from lorewright.settings import child_environment
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.jobs.orders import audit_start, need_right, ordered_by

# Two spinning OpenMP teams on two cores are six times slower than one that waits.
ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}


class RunningJob:
    """A job under way, as seen by whoever waits for it."""

    def __init__(self, workspace: Workspace, job: Job) -> None:
        self._workspace = workspace
        self._id = job.id

    def events(self, *, left: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Yield what the job tells until it is over, or until `left()`, which ends its worker."""
        command = [sys.executable, "-m", "lorewright.workspace.jobs.process", str(self._workspace.folder)]
        yield from follow(
            self._workspace.queue,
            self.job(),
            command,
            environment=child_environment(*_secrets(self._workspace)) | ENVIRONMENT,
            log=log_path(self._workspace),
            left=left,
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


def _secrets(workspace: Workspace) -> list[str]:
    """Return the names of the variables with keys that a job may need: of models, and of tool servers."""
    settings = workspace.settings
    return [settings.models.api_key_env, *(tool.key_env for tool in settings.tools.values())]


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
        kind = workspace.queue.get(job_id).kind

        def do(order: Mapping[str, Any], steps: Steps) -> Any:
            return imported(JOB_KINDS[kind].run)(workspace, order, steps)

        perform(workspace.queue, job_id, {kind: do})


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
    work(Path(sys.argv[1]), sys.argv[2])
