"""The clock of a server that lets runs of agents go on which nobody decided on in time."""

import logging
import threading
from typing import Self

from lorewright.cli.domain import local_caller
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 60.0


class OverdueRuns:
    """While it is open: looks for runs that waited longer than `agent.approval_hours`."""

    def __init__(self, server: Server, *, every_seconds: float = _LOOK_EVERY_SECONDS) -> None:
        self._server, self._every = server, every_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="overdue runs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        from lorewright.workspace.agents.overdue import go_on_overdue

        while not self._over.wait(self._every):
            try:
                go_on_overdue(self._server, local_caller())
            except Exception:  # the next look may go well; serving goes on
                logging.getLogger(__name__).exception("could not look for overdue runs")
