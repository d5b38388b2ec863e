"""Work on the side of a server: what is done after the caller was answered, as shadows are."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, Full, Queue

from lorewright.errors import LorewrightError

N_WAITING = 64


class ShadowQueue:
    """One thread that does what nobody waits for; what comes while too much waits is left out."""

    def __init__(self, *, n_waiting: int = N_WAITING) -> None:
        self._waiting: Queue[Callable[[], None] | None] = Queue(n_waiting)
        self._thread = threading.Thread(target=self._work, name="side", daemon=True)
        self._thread.start()
        self.n_left_out = 0

    def do(self, work: Callable[[], None]) -> None:
        """Do this when all before it is done, unless too much waits."""
        try:
            self._waiting.put_nowait(work)
        except Full:
            self.n_left_out += 1

    def wait(self) -> None:
        """Return when all is done."""
        self._waiting.join()

    def close(self) -> None:
        """Finish what is under way, leave out what waits, and end."""
        while True:
            try:
                self._waiting.get_nowait()
                self._waiting.task_done()
            except Empty:
                break
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                work()
            except LorewrightError as error:
                logging.getLogger(__name__).warning("A shadow could not answer: %s", error)
            finally:
                self._waiting.task_done()
        self._waiting.task_done()
