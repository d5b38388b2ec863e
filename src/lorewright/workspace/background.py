"""Use cases as durable jobs: begin one, follow it, and the process that does it."""

import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from lorewright.jobs import Event, Job, Steps, follow, perform, stop
from lorewright.workspace.workspace import Workspace

KINDS = {
    "add": "lorewright.workspace.add:add",
    "pull": "lorewright.workspace.model_list:pull",
    "tune": "lorewright.workspace.tune:tune",
    "compare": "lorewright.workspace.compare:compare",
    "fine-tune": "lorewright.workspace.fine_tune:fine_tune",
    "index-files": "lorewright.workspace.index_files:index_files",
    "eval-run": "lorewright.workspace.eval_run:in_worker",
    "batch": "lorewright.workspace.batch_run:in_worker",
}

# Two spinning OpenMP teams on two cores are six times slower than one that waits.
ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}


class Following:
    """A job under way, as seen by whoever waits for it."""

    def __init__(self, workspace: Workspace, job: Job) -> None:
        self._workspace = workspace
        self._id = job.id

    def events(self, *, left: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """Yield what the job tells until it is over, or until `left()`, which ends its worker."""
        command = [sys.executable, "-m", "lorewright.workspace.background", str(self._workspace.folder)]
        yield from follow(
            self._workspace.queue,
            self.job(),
            command,
            environment=ENVIRONMENT,
            log=log_path(self._workspace),
            left=left,
        )

    def job(self) -> Job:
        """Return the job as it is now."""
        return self._workspace.queue.get(self._id)

    def stop(self) -> None:
        """Cancel the job; what it finished is kept."""
        stop(self._workspace.queue, self.job())


def log_path(workspace: Workspace) -> Path:
    """Return the file that workers write to: warnings of libraries, and tracebacks of bugs."""
    return workspace.state_folder / "worker.log"


def begin(workspace: Workspace, kind: str, order: Mapping[str, Any]) -> Following:
    """Return the job for this order, new or continued, to be followed."""
    return Following(workspace, workspace.queue.submit(kind, order))


def progress_of(event: Event) -> tuple[str, int, int]:
    """Return label, done and total of a progress event."""
    return str(event.body["label"]), int(event.body["done"]), int(event.body["total"])


def work(folder: Path, job_id: str) -> None:
    """Do one queued job of the domain in `folder`, in this process."""
    with Workspace(folder) as workspace:
        kind = workspace.queue.get(job_id).kind

        def do(order: Mapping[str, Any], steps: Steps) -> Any:
            module, name = KINDS[kind].split(":")
            return getattr(import_module(module), name)(workspace, order, steps)

        perform(workspace.queue, job_id, {kind: do})


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
