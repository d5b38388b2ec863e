"""The most memory that this process has had."""

import resource
import sys
from pathlib import Path


def peak_bytes() -> int:
    """Return the largest resident size of this process since it began, or since its peak was reset.

    `ru_maxrss` is only asked where there is nothing better: on Linux a process begins with the peak of the
    one that started it, so that a run ordered by a large server would seem as large.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
