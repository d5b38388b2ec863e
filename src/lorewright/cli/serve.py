"""Serve domains on one address: the studio for people, OpenAI's API for programs.

Without a folder, the current domain. Several folders, or one with domains in it, are served together: the
first at /, each at /d/NAME, with documents, users and keys of its own. The studio switches between them.

The first start creates an administrator key and shows it once. Every request needs a key, except with
--no-auth, which accepts requests from this machine only.

Example:
  lorewright serve
  lorewright serve ~/domains
  lorewright serve handbook contracts --port 9000
  lorewright serve --port 9000 --host 0.0.0.0
  lorewright serve --no-studio --workers 4
"""

import argparse
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller
from lorewright.cli.output import note, show_json
from lorewright.errors import InvalidSetting, LorewrightError
from lorewright.settings import Serve

if TYPE_CHECKING:
    from fastapi import FastAPI

    from lorewright.workspace.server.domains import ServedDomain, ServedDomains
    from lorewright.workspace.server.server import Server

EVERYTHING = "tune,embed,generate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `serve` takes."""
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER",
        help="the domains to serve, or one folder with domains in it (default: the current domain)",
    )  # fmt: skip
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
        default=EVERYTHING,
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
    from lorewright.cli.overdue_runs import OverdueRuns
    from lorewright.cli.remeasuring import Remeasuring
    from lorewright.workspace.jobs.hosts import read_abilities
    from lorewright.workspace.server.domains import ServedDomains

    _need_one_studio(arguments)
    if arguments.folders and arguments.domain != Path():
        raise InvalidSetting(
            "Name the domains to serve as FOLDER or with --domain, not both.",
            hint="Example: lorewright serve handbook helpdesk",
        )
    folders, new_in = _folders(arguments.folders or [arguments.domain])
    domains = ServedDomains(folders, new_in=new_in)
    can = read_abilities(arguments.can)  # before anything is opened: a typing error opens nothing
    server = _first_that_opens(domains)
    overrides = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    settings = replace(server.workspace.settings.serve, **overrides)
    if arguments.no_auth:
        _need_closed(settings)
    if arguments.can != EVERYTHING and not server.workspace.settings.storage.database_url():
        raise InvalidSetting(
            f"--can does not apply to {server.name}: its state is in SQLite, and its server does all jobs.",
            hint="Omit --can, or share the domain with: lorewright move --to URL",
        )
    listening = _listening(settings.host, settings.port)
    _announce(domains, listening, arguments)
    with ExitStack() as watching:

        def begin(opened: "Server") -> None:
            opened.can = can
            opened.resume()
            hours = opened.workspace.settings.serve.remeasure_hours
            watching.enter_context(Remeasuring(opened, hours=hours))
            watching.enter_context(OverdueRuns(opened))

        domains.begin(begin)
        _serve(domains, settings, listening, arguments)
    return 0


def _serve(
    domains: "ServedDomains", settings: Serve, listening: "socket.socket", arguments: argparse.Namespace
) -> None:
    import uvicorn

    from lorewright.api.domain_apps import DomainApps
    from lorewright.api.http.bodies import impatient
    from lorewright.api.starting import Starting
    from lorewright.studio.skeleton import starting_page

    if arguments.workers > 1:
        from lorewright.cli.processes import serve_in_processes

        serve_in_processes(
            domains, settings, listening, n_processes=arguments.workers, is_open=arguments.no_auth
        )
        return
    if settings.access_log:
        from lorewright.cli.access_log import write_access_log

        write_access_log()
    build = partial(_app, domains, is_open=arguments.no_auth, has_studio=not arguments.no_studio)
    app = Starting(
        partial(DomainApps, domains, build), outline=_no_page if arguments.no_studio else starting_page
    )
    # The access log is ours: uvicorn's would write down whatever stands in a query. The studio sends many
    # small messages: packing them takes a quarter of its time, and 300 kB for every open page.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=30,
        http=impatient(settings.patience_seconds), ws_per_message_deflate=False,
    )  # fmt: skip
    server = uvicorn.Server(config)

    def give_up() -> None:
        server.should_exit = True

    app.give_up = give_up
    server.run(sockets=[listening])
    if app.failed is not None:
        raise app.failed


def _no_page(_path: str) -> None:
    """There is no page without the studio."""


def _app(domains: "ServedDomains", domain: "ServedDomain", *, is_open: bool, has_studio: bool) -> "FastAPI":
    """Return the application of one domain."""
    from lorewright.api.app import build_app

    app = build_app(domain.open(), is_open=is_open, domains=domains, domain=domain)
    if has_studio:
        from lorewright.studio.mount import mount_studio

        mount_studio(app)
    return app


def _folders(places: Sequence[Path]) -> tuple[list[Path], Path]:
    """Return the domains at some places with those that were created beside them, and where new ones go."""
    from lorewright.workspace.domain.siblings import domains_at, served_with

    folders = [folder for place in places for folder in domains_at(place)]
    is_folder_of_domains = len(places) == 1 and places[0].resolve() == folders[0].parent
    new_in = places[0].resolve() if is_folder_of_domains else folders[0].parent
    return [*folders, *served_with(folders[0])], new_in


def _first_that_opens(domains: "ServedDomains") -> "Server":
    """Return the first server that can be opened, and say which cannot; raise why where there is no other."""
    servers = [domain.find() for domain in domains]
    first = next((server for server in servers if server is not None), None)
    if first is None:
        return domains.first.open()
    for domain, server in zip(domains, servers, strict=True):
        if server is None:
            try:
                domain.open()
            except LorewrightError as error:
                note(f"Cannot open {domain.name}: {error} {error.hint}".rstrip())
                note(f"Requests to {domain.name} fail until this is fixed. The other domains are served.")
    return first


def _announce(domains: "ServedDomains", listening: "socket.socket", arguments: argparse.Namespace) -> None:
    """Say where each domain is, with the first key of one that has none."""
    from lorewright.workspace.accounts.keys import make_first_key
    from lorewright.workspace.domain.origin import Origin, coming_from

    host, port = listening.getsockname()[:2]
    shown = []
    for domain in domains:
        server = domain.find()
        if server is not None:
            with coming_from(Origin(door="cli")):
                key = None if arguments.no_auth else make_first_key(server, local_caller())
            url = f"http://{host}:{port}{domain.address}"
            shown.append({"name": domain.name, "base_url": f"{url}/v1", "key": key})
            if not arguments.json:
                _announce_one(domain.name, url, key, has_studio=not arguments.no_studio)
    if arguments.json:
        first = {name: shown[0][name] for name in ("base_url", "key")}
        show_json({**first, "domains": shown} if len(shown) > 1 else first)
    elif arguments.no_auth:
        note("No key is required: everyone who can reach this address is an administrator.")


def _announce_one(name: str, url: str, key: str | None, *, has_studio: bool) -> None:
    note(f"Lorewright serves {name} at {url}/v1")
    if has_studio:
        note(f"Studio: {url}/studio/{f'welcome#key={key}' if key else ''}")
    if key:
        note(f"Administrator key (shown only once): {key}")


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
