"""The clock of a server that measures its deployments again."""

import logging
import threading
from typing import Self

from lorewright.cli.domain import local_caller
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 60.0


class Remeasuring:
    """While it is open: measures what changed since, at most every `hours`; with 0 it does nothing."""

    def __init__(self, server: Server, *, hours: float, every_seconds: float = _LOOK_EVERY_SECONDS) -> None:
        self._server, self._hours, self._every = server, hours, every_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="measuring again", daemon=True)

    def __enter__(self) -> Self:
        if self._hours > 0:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        from lorewright.workspace.answering.remeasure import remeasure_due

        while not self._over.wait(self._every):
            try:
                remeasure_due(self._server, local_caller(), hours=self._hours)
            except Exception:  # the next look may go well; serving goes on
                logging.getLogger(__name__).exception("could not measure deployments again")
