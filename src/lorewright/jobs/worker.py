"""The process that does a job, and the one that watches it."""

import logging
import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from lorewright.errors import (
    DatabaseDown,
    LorewrightError,
    OutOfSpace,
    Transient,
    known_error,
    out_of_space,
)
from lorewright.jobs.job import Event, Job
from lorewright.jobs.process import end_group, start_time
from lorewright.jobs.queue import LEASE_SECONDS, Queue
from lorewright.jobs.staying import Shift
from lorewright.jobs.steps import Steps

MAX_ATTEMPTS_A_CALL = 3
TAKEN = 75
"""How a worker process ends that found its job in the hands of another one."""
_RETRIED = (Transient.__name__, DatabaseDown.__name__)
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


def perform(
    queue: Queue, job_id: str, kinds: Mapping[str, Work], *, lost: Callable[[], None] = lambda: None
) -> None:
    """Do a queued job in this process: claim it, do its steps, record what came of it.

    A `LorewrightError` is recorded for whoever follows; any other exception is a bug: it is
    recorded, logged with its traceback and raised. `lost` is called when the job is not ours any
    more: it was cancelled on another host, or this one was not heard of for too long.
    """
    job = queue.claim(job_id, os.getpid())
    with _heartbeat(queue, job, lost) as end_heartbeat:
        try:
            result = kinds[job.kind](job.order, Steps(queue, job_id, job.attempt))
        except Exception as error:
            known = known_error(error)
            end_heartbeat()
            if known is not None:
                queue.fail(job_id, _error_json(_placed(known, queue)), attempt=job.attempt)
                return
            logging.getLogger(__name__).exception("job %s (%s) failed", job_id, job.kind)
            told = {"type": type(error).__name__, "message": str(error), "hint": ""}
            queue.fail(job_id, told, attempt=job.attempt)
            raise
        end_heartbeat()
        queue.finish(job_id, result, attempt=job.attempt)


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
    keeping: Callable[[Job], None] | None = None,
) -> Iterator[Event]:
    """Yield what a job tells until it is over; `start` gives it a worker where none is at work.

    A worker that was killed is replaced and continues at its first unfinished step, at most
    `MAX_ATTEMPTS_A_CALL` times; so is one that failed with `Transient`. What workers print goes to
    the file `log`. As soon as `left()`, the worker is ended; the job can be continued later.
    `keeping` is called while the worker starts: it keeps the job from others.
    """
    news, n_starts = _News(queue, job), 0
    while True:
        process = _started(queue, job, start)
        n_starts += process is not None
        if (yield from _until_its_end(queue, job, process, news, left, keeping)):
            return
        code = process.returncode if process is not None else -1
        current = queue.get(job.id)
        if not current.is_over and code == TAKEN:
            n_starts -= 1
            continue
        if not current.is_over and (code >= 0 or n_starts >= MAX_ATTEMPTS_A_CALL):
            queue.fail(job.id, _lost(n_starts, code, log))
            return
        if current.is_over and (current.error.get("type") not in _RETRIED or n_starts >= MAX_ATTEMPTS_A_CALL):
            return
        queue.requeue(current)
        text = "The worker stopped unexpectedly; continuing where it stopped."
        yield Event(news.last, "line", {"text": text})


def stop(queue: Queue, job: Job) -> Job:
    """Cancel a job; what it finished is kept for the next call."""
    return queue.cancel(job.id)


class _News:
    """What a job tells from now on."""

    def __init__(self, queue: Queue, job: Job) -> None:
        self._queue, self._job_id = queue, job.id
        told = queue.events(job.id, after=0)
        self.last = told[-1].id if told else 0

    def __iter__(self) -> Iterator[Event]:
        for event in self._queue.events(self._job_id, after=self.last):
            self.last = event.id
            yield event


def _started(queue: Queue, job: Job, start: Start) -> JobProcess | None:
    """Return the process that was started for a job, or `None` where one is at it already."""
    current = queue.get(job.id)
    if queue.is_alive(current):
        return None
    if current.state == "running":  # its worker was lost, on this host or another
        queue.requeue(current)
    return start(job.id)


def _until_its_end(
    queue: Queue,
    job: Job,
    process: JobProcess | None,
    news: _News,
    left: Callable[[], bool],
    keeping: Callable[[Job], None] | None,
) -> Generator[Event, None, bool]:
    """Yield what a job tells while a worker is at it; return whether whoever followed it has left."""
    try:
        while queue.is_alive(current := queue.get(job.id)) or (
            process is not None and process.poll() is None
        ):
            yield from news
            if left():
                _end_worker(queue, job, process)
                return True
            if keeping is not None and current.state == "queued":
                keeping(current)
            _wait(process)
    finally:
        if process is not None:
            process.poll()  # takes note of its end, so that no zombie is left behind
    yield from news
    return False


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


def _placed(error: LorewrightError, queue: Queue) -> LorewrightError:
    """Return the error, with the name of this host where only that tells whose disk is full."""
    is_elsewhere = isinstance(error, OutOfSpace) and queue.is_shared
    return out_of_space(platform.node()) if is_elsewhere else error


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
def _heartbeat(queue: Queue, job: Job, lost: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Renew the lease while the work goes on; yields what ends that, before the job is over."""
    done = threading.Event()

    def beat() -> None:
        pause = LEASE_SECONDS / 4
        while not done.wait(pause):
            try:
                is_ours = queue.renew(job.id, job.attempt)
                pause = LEASE_SECONDS / 4
            except DatabaseDown:  # the work goes on; whether it is still ours, we shall hear
                pause = 1.0
                continue
            if not is_ours and not done.is_set():
                lost()
                return

    def end() -> None:
        done.set()
        if thread is not threading.current_thread():
            thread.join()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield end
    finally:
        end()
