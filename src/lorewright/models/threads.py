"""How many threads models use: from the processors that this process may run on."""

import os
from dataclasses import dataclass

_MOST_EMBEDDING = 16


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads that write an answer, that read a prompt, and that embed or judge texts side by side."""

    writing: int
    reading: int
    embedding: int


def n_processors() -> int:
    """Return how many processors this process may use: all, or those it is bound to."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def threads_for(processors: int, *, writing: int = 0, reading: int = 0) -> Threads:
    """Return the threads for so many processors; those given as 0 follow from them.

    Writing is bound by memory: on two processors a second thread costs a fifth more and writes no
    faster. Reading and embedding are not.
    """
    return Threads(
        writing=writing or max(1, processors // 2),
        reading=reading or max(1, processors),
        embedding=min(max(1, processors), _MOST_EMBEDDING),
    )
