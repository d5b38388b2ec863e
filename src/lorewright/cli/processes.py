"""The API in several processes on one address and one database; this one sees to the jobs."""

import socket
import threading
from functools import partial
from pathlib import Path
from typing import Any

from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.5


def serve_in_processes(server: Server, listening: socket.socket, *, n_processes: int, is_open: bool) -> None:
    """Serve in processes of their own until stopped; one that dies is replaced. Closes the server."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from lorewright.api.http.bodies import impatient

    make = partial(_app, server.workspace.folder, n_processes, is_open=is_open)
    config = uvicorn.Config(
        make, factory=True, workers=n_processes, log_level="warning", access_log=False,
        timeout_graceful_shutdown=30, http=impatient(server.workspace.settings.serve.patience_seconds),
    )  # fmt: skip
    over = threading.Event()
    seeing_to = threading.Thread(target=_see_to_jobs, args=(server, over), name="jobs", daemon=True)
    seeing_to.start()
    try:
        Multiprocess(config, sockets=[listening]).run()
    finally:
        over.set()
        seeing_to.join()
        server.close()


def _see_to_jobs(server: Server, over: threading.Event) -> None:
    while not over.wait(_LOOK_EVERY_SECONDS):
        server.workers.look_after()


def _app(folder: Path, n_processes: int, *, is_open: bool) -> Any:
    """Return the application of one process."""
    from lorewright.api.app import build_app
    from lorewright.cli.access_log import write_access_log

    server = Server(folder, n_processes=n_processes)
    if server.workspace.settings.serve.access_log:
        write_access_log()
    return build_app(server, is_open=is_open)
