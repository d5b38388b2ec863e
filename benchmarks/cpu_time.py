"""What a process and everything it started have used of the processor."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the user and system seconds of a process, its running children, and those that ended."""
    own = _fields(pid)
    used = sum(int(own[place]) for place in (11, 12, 13, 14)) / _TICKS if own else 0.0
    return used + sum(cpu_seconds(child) for child in _children(pid))


class Meter(Thread):
    """Counts what processes and all that they start use of the processor, also those that end meanwhile.

    It looks now and then: what a process used after the last look is missing.
    """

    def __init__(self, pids: Sequence[int], *, every_seconds: float = 0.25) -> None:
        super().__init__(daemon=True)
        self._pids, self._every = pids, every_seconds
        self._seen: dict[tuple[int, str], tuple[float, float]] = {}
        self._is_over = Event()

    def run(self) -> None:
        """Look until `seconds` is asked for."""
        while not self._is_over.wait(self._every):
            self._look()

    def seconds(self) -> float:
        """Return the seconds used since the meter was started, and stop it."""
        self._is_over.set()
        self.join()
        self._look()
        return sum(last - first for first, last in self._seen.values())

    def start(self) -> None:
        """Begin: what the processes used before does not count."""
        self._look(is_first=True)
        super().start()

    def _look(self, *, is_first: bool = False) -> None:
        waiting = list(self._pids)
        while waiting:
            pid = waiting.pop()
            waiting += _children(pid)
            if own := _fields(pid):
                used = (int(own[11]) + int(own[12])) / _TICKS
                first, _ = self._seen.get((pid, own[19]), (used if is_first else 0.0, 0.0))
                self._seen[pid, own[19]] = first, used


def _fields(pid: int) -> list[str]:
    """Return what the kernel says of a process behind its name: utime, stime, cutime, cstime at 11 to 14."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found
