"""Serve this domain on one address: the studio for people, OpenAI's API for programs.

The first start creates an administrator key and shows it once. Every request needs a key, except with
--no-auth, which accepts requests from this machine only.

Example:
  lorewright serve
  lorewright serve --port 9000 --host 0.0.0.0
  lorewright serve --no-studio --workers 4
"""

import argparse
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller
from lorewright.cli.output import note, show_json
from lorewright.errors import InvalidSetting
from lorewright.settings import Serve

if TYPE_CHECKING:
    from lorewright.workspace.server.server import Server


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `serve` takes."""
    add_domain_option(parser)
    parser.add_argument("--host", help="the address to listen on (default: serve.host, 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, help="the port to listen on, 0 for any free port (default: serve.port, 8321)"
    )
    parser.add_argument("--no-studio", action="store_true", help="serve only the API")
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="serve with N processes (only with --no-studio)"
    )
    parser.add_argument(
        "--can",
        default="tune,embed,generate",
        metavar="WHAT",
        help="on PostgreSQL: jobs to do here while no worker can: tune, embed, generate; or none",
    )
    parser.add_argument(
        "--no-auth",
        action="store_true",
        help="require no key (loopback only; every caller is an administrator)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped; streams under way are finished first."""
    import uvicorn

    from lorewright.api.app import build_app
    from lorewright.api.http.bodies import impatient
    from lorewright.cli.overdue_runs import OverdueRuns
    from lorewright.cli.remeasuring import Remeasuring
    from lorewright.workspace import find_domain
    from lorewright.workspace.jobs.hosts import read_abilities
    from lorewright.workspace.server.server import Server

    _need_one_studio(arguments)
    server = Server(find_domain(arguments.domain))
    server.can = read_abilities(arguments.can)
    overrides = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    settings = replace(server.workspace.settings.serve, **overrides)
    if arguments.no_auth:
        _need_closed(settings)
    listening = _listening(settings.host, settings.port)
    host, port = listening.getsockname()[:2]
    first_key = None if arguments.no_auth else _first_key(server)
    if arguments.json:
        show_json({"base_url": f"http://{host}:{port}/v1", "key": first_key})
    else:
        note(f"Lorewright serves {server.name} at http://{host}:{port}/v1")
        if not arguments.no_studio:
            note(f"Studio: http://{host}:{port}/studio/{f'welcome#key={first_key}' if first_key else ''}")
        if arguments.no_auth:
            note("No key is required: everyone who can reach this address is an administrator.")
        if first_key:
            note(f"Administrator key (shown only once): {first_key}")
    server.resume()
    if arguments.workers > 1:
        from lorewright.cli.processes import serve_in_processes

        with Remeasuring(server, hours=settings.remeasure_hours), OverdueRuns(server):
            serve_in_processes(server, listening, n_processes=arguments.workers, is_open=arguments.no_auth)
        return 0
    if settings.access_log:
        from lorewright.cli.access_log import write_access_log

        write_access_log()
    app = build_app(server, is_open=arguments.no_auth)
    if not arguments.no_studio:
        from lorewright.studio.mount import mount_studio

        mount_studio(app, server, is_open=arguments.no_auth)
    # The access log is ours: uvicorn's would write down whatever stands in a query. The studio sends many
    # small messages: packing them takes a quarter of its time, and 300 kB for every open page.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=30,
        http=impatient(settings.patience_seconds), ws_per_message_deflate=False,
    )  # fmt: skip
    with Remeasuring(server, hours=settings.remeasure_hours), OverdueRuns(server):
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _first_key(server: "Server") -> str | None:
    """Return the secret of an administrator's key where there is no key yet: somebody must come in."""
    from lorewright.access import Limits
    from lorewright.access.roles import Rights
    from lorewright.workspace.accounts.keys import list_keys, make_key
    from lorewright.workspace.domain.origin import Origin, coming_from

    caller = local_caller()
    if list_keys(server, caller):
        return None
    with coming_from(Origin(door="cli")):
        _, secret = make_key(
            server, caller, name="administrator", user="", rights=Rights(is_admin=True), limits=Limits(),
            expires_at=None,
        )  # fmt: skip
    return secret


def _need_one_studio(arguments: argparse.Namespace) -> None:
    """Raise `InvalidSetting` where the studio would be in several processes: its pages live in one."""
    if not 1 <= arguments.workers <= 64:
        raise InvalidSetting(f"--workers is {arguments.workers}.", hint="Use a number from 1 to 64.")
    if arguments.workers > 1 and not arguments.no_studio:
        raise InvalidSetting(
            f"The studio runs in one process, but --workers is {arguments.workers}.",
            hint="Use --no-studio here, and run the studio as a second server of this domain.",
        )


def _need_closed(settings: Serve) -> None:
    """Raise `InvalidSetting` where others than this machine could call without a key."""
    from lorewright.api.http.origins import is_loopback

    if not is_loopback(settings.host):
        raise InvalidSetting(
            f"serve.host is {settings.host!r}, reachable from other machines; "
            "--no-auth would give everyone access.",
            hint="Omit --no-auth, or listen on 127.0.0.1.",
        )
    if "*" in settings.cors_origins:
        raise InvalidSetting(
            "serve.cors_origins is '*', and --no-auth would give access to any web page opened here.",
            hint="Omit --no-auth, or list the origins.",
        )


def _listening(host: str, port: int) -> "socket.socket":
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise InvalidSetting(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            hint="Use another --port or --host.",
        ) from error
