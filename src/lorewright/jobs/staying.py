"""A worker process that stays for the next job, so that what it has loaded and opened is not loaded again."""

import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from lorewright.peak_memory import peak_bytes

REST_SECONDS = (20.0, 200.0)
"""After how long without a job a worker that stays uses the time to tidy up, and once more."""
_MOST_BYTES = 1_500_000_000
_END_SECONDS = 5.0
_DONE, _LEAVING = b".", b"!"


class StayingWorker:
    """A worker process for one job after the other: told their ids on its input, it tells when each is over.

    It is started with the first job, and ends when its input is closed: also when this process dies.
    """

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, job_id: str) -> "Shift":
        """Have the worker do a job; the one before it must be over."""
        if self._process is None or self._process.poll() is not None:
            self._open()
        assert self._process is not None
        return Shift(self._process, job_id, self.close)

    def close(self) -> None:
        """End the worker once what it does is done, or after some seconds."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(BrokenPipeError):
            _pipe(process.stdin).close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        _pipe(process.stdout).close()

    def _open(self) -> None:
        self.close()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                env=dict(self._environment),
            )


class Shift:
    """One job of a worker that stays, to whoever waits for it like a process that does this job alone."""

    def __init__(self, process: "subprocess.Popen[bytes]", job_id: str, leave: Callable[[], None]) -> None:
        self.pid = process.pid
        self.returncode: int | None = None
        self._process = process
        self._leave = leave
        with suppress(BrokenPipeError):  # it has died, as poll() will tell
            _pipe(process.stdin).write(f"{job_id}\n".encode())

    def poll(self) -> int | None:
        """Return `None` while the worker is at the job, and then 0, or how it ended in the middle of it."""
        self.wait(0.0)
        return self.returncode

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the job is over, or at most so long."""
        output = _pipe(self._process.stdout)
        if self.returncode is not None or not select.select([output], [], [], seconds)[0]:
            return
        byte = output.read(1)
        if not byte:  # it has ended
            self.returncode = self._process.wait()
            return
        self.returncode = 0
        if byte == _LEAVING:
            self._leave()


def stay(work: Callable[[str], None], rest: Callable[[], None]) -> None:
    """Do the jobs whose ids come on standard input, until it is closed; `rest` when none comes for a while.

    What goes wrong in a job ends the process: nobody knows what it left behind.
    """
    ours = os.dup(1)
    os.dup2(2, 1)  # what libraries print goes to the log
    breaks: Iterator[float] = iter(())
    while True:
        if not select.select([0], [], [], next(breaks, None))[0]:
            rest()
            continue
        job_id = os.read(0, 4096).decode().strip()
        if not job_id:
            return
        work(job_id)
        breaks = iter(REST_SECONDS)
        is_large = peak_bytes() > _MOST_BYTES
        os.write(ours, _LEAVING if is_large else _DONE)
        if is_large:
            return


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "it is a pipe"
    return pipe
