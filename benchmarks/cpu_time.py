"""What a process and everything it started have used of the processor."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the user and system seconds of a process, its running children, and those that ended."""
    own = _fields(pid)
    used = sum(int(own[place]) for place in (11, 12, 13, 14)) / _TICKS if own else 0.0
    return used + sum(cpu_seconds(child) for child in _children(pid))


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
