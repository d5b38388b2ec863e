"""An adapter that two jobs ask for is trained by one of them."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.access import LOCAL
from lorewright.errors import InUse
from lorewright.jobs import Job, Steps
from lorewright.storage import Records
from lorewright.tuning import Adapter, Recipe, Run, TrainingMetrics
from lorewright.workspace import Workspace
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.once import KIND, run_folder, train_once, training_job
from lorewright.workspace.tuning.runs import cancel_tuning_run, find_run

METRICS = TrainingMetrics(
    losses=(1.0,), step_tokens=(9,), validation_loss_before=None, validation_loss=None, n_rows=1,
    n_validation_rows=0, n_rows_too_long=0, n_tokens=9, n_completion_tokens=3, precision="float32",
    seconds=0.1, cpu_seconds=0.1, peak_bytes=1,
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    with Workspace(tmp_path) as workspace:
        yield workspace


def job_of(workspace: Workspace, kind: str, pid: int) -> Job:
    """Return a job that a process is at."""
    return workspace.queue.claim(workspace.queue.submit(kind, {"pid": pid, "kind": kind}).id, pid)


def train(workspace: Workspace, job: Job, begun: list[str], *, until: threading.Event | None = None) -> Run:
    """Train the adapter for a job: note that it began, and be done once `until` is set."""

    def work(folder: Path) -> Run:
        begun.append(job.id)
        folder.mkdir(parents=True, exist_ok=True)
        run = workspace.runs.begin("bare", "f" * 64, Recipe(), folder)
        if until is not None:
            until.wait(10)
        (folder / "adapter.gguf").write_bytes(b"GGUF")
        adapter = Adapter(
            kind="lora", path=folder / "adapter.gguf", folder=folder, sha256="ab", metrics=METRICS
        )
        return workspace.runs.finish(run, adapter)

    steps = Steps(workspace.queue, job.id, job.attempt)
    train_once(workspace, "bare", "f" * 64, steps, work)
    run = workspace.runs.find("bare", "f" * 64)
    assert run is not None
    return run


def told(workspace: Workspace, job: Job) -> str:
    """Wait until a job told something, and return it."""
    pause = threading.Event()
    for _ in range(500):
        if events := workspace.queue.events(job.id, after=0):
            return str(events[0].body["text"])
        pause.wait(0.02)
    return ""


def test_the_second_job_takes_what_the_first_one_learned(workspace: Workspace) -> None:
    """A command in a terminal and a button in the studio, pressed within a minute, on one domain."""
    first, second = (job_of(workspace, kind, os.getpid()) for kind in ("tune", "compare"))
    begun, end = list[str](), threading.Event()
    one = threading.Thread(target=train, args=(workspace, first, begun), kwargs={"until": end})
    one.start()
    while not begun:
        end.wait(0.01)
    other = threading.Thread(target=train, args=(workspace, second, begun))
    other.start()
    line = told(workspace, second)
    end.set()
    one.join()
    other.join()
    assert f"Another job (tune, {first.id}) is training this adapter" in line
    assert begun == [first.id]
    assert len(workspace.runs.all()) == 1


@pytest.fixture
def other_process() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that does nothing until it is killed."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def held_by(workspace: Workspace, job: Job) -> Run:
    """Return an unfinished run whose folder a job holds; killed, it never gives it up."""
    folder = run_folder(workspace, "bare", "f" * 64)
    folder.mkdir(parents=True)
    Records(workspace.database, KIND).add(f"training/{folder.name}", {"job": job.id})
    return workspace.runs.begin("bare", "f" * 64, Recipe(), folder)


def test_the_second_job_goes_on_with_the_run_of_one_that_was_killed(
    workspace: Workspace, other_process: "subprocess.Popen[bytes]"
) -> None:
    """After kill -9 nobody is left to say that the folder is free."""
    first, second = (
        job_of(workspace, "tune", other_process.pid), job_of(workspace, "compare", os.getpid())
    )  # fmt: skip
    held, begun = held_by(workspace, first), list[str]()
    waiting = threading.Thread(target=train, args=(workspace, second, begun))
    waiting.start()
    assert first.id in told(workspace, second)
    assert begun == []
    other_process.kill()
    other_process.wait()
    waiting.join()
    assert begun == [second.id]
    assert [run.id for run in workspace.runs.all()] == [held.id]
    assert training_job(workspace, Path(held.path)) is None


def test_a_cancelled_job_that_still_saves_is_waited_for(
    workspace: Workspace, other_process: "subprocess.Popen[bytes]"
) -> None:
    """Its checkpoint must not be written over by whoever comes next."""
    first = job_of(workspace, "tune", other_process.pid)  # leads no group of its own: asked, it stays
    held = held_by(workspace, first)
    workspace.queue.cancel(first.id)
    assert training_job(workspace, Path(held.path)) == workspace.queue.get(first.id)


def test_of_two_jobs_at_once_each_run_shows_its_own(
    workspace: Workspace, other_process: "subprocess.Popen[bytes]"
) -> None:
    """The older of two runs under way was shown as paused, and resuming it began a third job."""
    first = job_of(workspace, "tune", other_process.pid)
    held = held_by(workspace, first)
    newer = workspace.runs.begin(
        "context", "other", Recipe(), workspace.state_folder / "runs" / "context-other"
    )
    second = job_of(workspace, "compare", os.getpid())
    server = Server(workspace.folder, workspace=workspace)
    for run, job in ((held, first), (newer, second)):
        shown = find_run(server, LOCAL, run.id)
        assert (shown.state, shown.job and shown.job.id) == ("running", job.id)


def test_a_run_that_another_job_goes_on_with_is_not_removed_under_it(
    workspace: Workspace, other_process: "subprocess.Popen[bytes]"
) -> None:
    first = job_of(workspace, "compare", other_process.pid)
    held = held_by(workspace, first)
    server = Server(workspace.folder, workspace=workspace)
    with pytest.raises(InUse, match="part of a comparison"):
        cancel_tuning_run(server, LOCAL, held.id)
    assert Path(held.path).is_dir()
