"""The process that does a job, and the one that watches it."""

import logging
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from lorewright.errors import LorewrightError, Transient, known_error
from lorewright.jobs.job import Event, Job
from lorewright.jobs.process import end_group, start_time
from lorewright.jobs.queue import LEASE_SECONDS, Queue
from lorewright.jobs.staying import Shift
from lorewright.jobs.steps import Steps

MAX_ATTEMPTS_A_CALL = 3
_LOOK_EVERY_SECONDS = 0.1

Work = Callable[[Mapping[str, Any], Steps], Any]


class JobProcess(Protocol):
    """The process that does a job, as seen by the one that watches it."""

    pid: int
    returncode: Any

    def poll(self) -> int | None:
        """Return how it ended, `None` while it is at work."""

    def wait(self) -> Any:
        """Wait for its end."""


Start = Callable[[str], JobProcess]
"""Starts what does the job with an id."""


def perform(queue: Queue, job_id: str, kinds: Mapping[str, Work]) -> None:
    """Do a queued job in this process: claim it, do its steps, record what came of it.

    A `LorewrightError` is recorded for whoever follows; any other exception is a bug: it is
    recorded, logged with its traceback and raised.
    """
    job = queue.claim(job_id, os.getpid())
    with _heartbeat(queue, job_id):
        try:
            result = kinds[job.kind](job.order, Steps(queue, job_id, job.attempt))
        except LorewrightError as error:
            queue.fail(job_id, _error_json(error))
        except Exception as error:
            known = known_error(error)
            if known is not None:
                queue.fail(job_id, _error_json(known))
                return
            logging.getLogger(__name__).exception("job %s (%s) failed", job_id, job.kind)
            queue.fail(job_id, {"type": type(error).__name__, "message": str(error), "hint": ""})
            raise
        else:
            queue.finish(job_id, result)


def worker_process(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Start:
    """Return what starts `command` with a job's id behind it, for each job a process of its own.

    `environment` is the whole of its environment. What it prints goes to the file `log`.
    """
    return lambda job_id: _start([*command, job_id], environment, log)


def follow(
    queue: Queue,
    job: Job,
    start: Start,
    *,
    log: Path,
    left: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Yield what a job tells until it is over; `start` gives it a worker where none is at work.

    A worker that was killed is replaced and continues at its first unfinished step, at most
    `MAX_ATTEMPTS_A_CALL` times; so is one that failed with `Transient`. What workers print goes to
    the file `log`. As soon as `left()`, the worker is ended; the job can be continued later.
    """
    n_starts, last_event = 0, _newest(queue, job)
    while True:
        process: JobProcess | None = None
        if not queue.is_alive(queue.get(job.id)):
            n_starts += 1
            process = start(job.id)
        try:
            while queue.is_alive(queue.get(job.id)) or (process is not None and process.poll() is None):
                for event in queue.events(job.id, after=last_event):
                    last_event = event.id
                    yield event
                if left():
                    _end_worker(queue, job, process)
                    return
                _wait(process)
        finally:
            if process is not None:
                process.poll()  # takes note of its end, so that no zombie is left behind
        for event in queue.events(job.id, after=last_event):
            last_event = event.id
            yield event
        current = queue.get(job.id)
        code = process.returncode if process is not None else -1
        is_lost = not current.is_over
        if is_lost and (code >= 0 or n_starts >= MAX_ATTEMPTS_A_CALL):
            queue.fail(job.id, _lost(n_starts, code, log))
            return
        if not is_lost and (
            current.error.get("type") != Transient.__name__ or n_starts >= MAX_ATTEMPTS_A_CALL
        ):
            return
        queue.requeue(current)
        yield Event(
            last_event, "line", {"text": "The worker stopped unexpectedly; continuing where it stopped."}
        )


def stop(queue: Queue, job: Job) -> Job:
    """Cancel a job; what it finished is kept for the next call."""
    return queue.cancel(job.id)


def _start(command: Sequence[str], environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        # A session of its own: cancelling ends the worker with everything it started.
        return subprocess.Popen(
            command,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
        )


def _wait(process: JobProcess | None) -> None:
    """Wait for what comes next; one that stays says at once when the job is over."""
    if isinstance(process, Shift):
        process.wait(_LOOK_EVERY_SECONDS)
    else:
        time.sleep(_LOOK_EVERY_SECONDS)


def _end_worker(queue: Queue, job: Job, process: JobProcess | None) -> None:
    """End the process that does a job, and leave the job queued where it is not over."""
    if process is not None and process.poll() is None:
        end_group(process.pid, start_time(process.pid))
        process.wait()
    current = queue.get(job.id)
    if not current.is_over:
        queue.requeue(current)


def _newest(queue: Queue, job: Job) -> int:
    events = queue.events(job.id, after=0)
    return events[-1].id if events else 0


def _error_json(error: LorewrightError) -> dict[str, str]:
    return {"type": type(error).__name__, "message": str(error), "hint": error.hint}


def _lost(n_starts: int, code: int, log: Path) -> dict[str, str]:
    hint = "Exit status -9 often means that the machine ran out of memory. " if code == -9 else ""
    return {
        "type": "WorkerLost",
        "message": f"The worker stopped before finishing, {n_starts} times (exit status {code}).",
        "hint": f"{hint}Its output is in {log}. Run the same command again to continue where it stopped.",
    }


@contextmanager
def _heartbeat(queue: Queue, job_id: str) -> Iterator[None]:
    """Renew the lease while the work goes on."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(LEASE_SECONDS / 4):
            queue.renew(job_id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
