"""A worker that is asked to end, and saves what it has first."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def asked_to_end() -> Iterator[Callable[[], bool]]:
    """Yield whether this process was asked to end; it then does so as soon as the block is left.

    Whoever asks waits some seconds (`jobs.process.GRACE_SECONDS`) before the process is killed.
    """
    asked = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
        if asked.is_set():
            # By the signal, not by an exit status: who follows the job then knows that no bug ended it.
            os.kill(os.getpid(), signal.SIGTERM)
