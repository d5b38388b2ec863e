"""The API in several processes on one address and the same databases; this one sees to the jobs."""

import socket
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lorewright.settings import Serve
from lorewright.workspace.server.domains import ServedDomains
from lorewright.workspace.server.server import Server

_LOOK_EVERY_SECONDS = 0.5


def serve_in_processes(
    domains: ServedDomains, settings: Serve, listening: socket.socket, *, n_processes: int, is_open: bool
) -> None:
    """Serve in processes of their own until stopped; one that dies is replaced. Closes the domains."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from lorewright.api.http.bodies import impatient

    folders = [domain.folder for domain in domains]
    make = partial(_app, folders, n_processes, is_open=is_open)
    config = uvicorn.Config(
        make, factory=True, workers=n_processes, log_level="warning", access_log=False,
        timeout_graceful_shutdown=30, http=impatient(settings.patience_seconds),
    )  # fmt: skip
    over = threading.Event()
    seeing_to = threading.Thread(target=_see_to_jobs, args=(domains, over), name="jobs", daemon=True)
    seeing_to.start()
    try:
        Multiprocess(config, sockets=[listening]).run()
    finally:
        over.set()
        seeing_to.join()
        for domain in domains:
            domain.close()


def _see_to_jobs(domains: ServedDomains, over: threading.Event) -> None:
    while not over.wait(_LOOK_EVERY_SECONDS):
        for server in filter(None, (domain.find() for domain in domains)):
            server.workers.look_after()


def _app(folders: Sequence[Path], n_processes: int, *, is_open: bool) -> Any:
    """Return the application of one process."""
    from lorewright.api.app import build_app
    from lorewright.api.domain_apps import DomainApps
    from lorewright.cli.access_log import write_access_log

    # Each process knows the domains of the start: none are created here, the others would not know them.
    domains = ServedDomains(folders, opens=partial(Server, n_processes=n_processes))
    server = next(filter(None, (domain.find() for domain in domains)))
    if server.workspace.settings.serve.access_log:
        write_access_log()
    return DomainApps(
        domains, lambda domain: build_app(domain.open(), is_open=is_open, domains=domains, domain=domain)
    )
