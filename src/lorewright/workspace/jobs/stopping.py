"""How long work is asked to stop, and how often it looks."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lorewright.models import Stopped


@contextmanager
def sigterm_deferred() -> Iterator[Callable[[], bool]]:
    """Yield whether this process was asked to end; it then does so as soon as the block is left.

    Whoever asks waits some seconds (`jobs.process.GRACE_SECONDS`) before the process is killed.
    """
    terminated = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    try:
        yield terminated.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
        if terminated.is_set():
            # By the signal, not by an exit status: who follows the job then knows that no bug ended it.
            os.kill(os.getpid(), signal.SIGTERM)


_LOOK_EVERY_SECONDS = 0.2


def throttled(stopped: Stopped) -> Stopped:
    """Return the same question, which looks again at most five times a second; once true, it stays so."""
    looked_at, answer = -1.0, False

    def look() -> bool:
        nonlocal looked_at, answer
        if not answer and time.monotonic() - looked_at >= _LOOK_EVERY_SECONDS:
            answer, looked_at = stopped(), time.monotonic()
        return answer

    return look
