"""Is that process still the one we started, and how to end it with its children."""

import os
import platform
import signal
import time
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path

GRACE_SECONDS = 3.0


@cache
def this_host() -> str:
    """Name the place where pids of ours mean something: a host since its start, or a container."""
    try:
        started = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        where = f"{started} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        where = str(uuid.getnode())
    return f"{platform.node()} {sha256(where.encode()).hexdigest()[:12]}"


def start_time(pid: int) -> float:
    """Return when a process started, in clock ticks since boot: with the pid it names one process.

    Returns 0 where the system does not tell (no /proc).
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    return float(stat.rpartition(")")[2].split()[19])


def is_running(pid: int, started: float) -> bool:
    """Return whether the process that started then still runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return start_time(pid) == started
    return start_time(pid) == started and not _is_zombie(pid)


def end_group(pid: int, started: float) -> None:
    """End a process that leads its own group, with all its children: first asked, then killed."""
    if not is_running(pid, started) or os.getpgid(pid) != pid:
        return
    os.killpg(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while is_running(pid, started) and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
