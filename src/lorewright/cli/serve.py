"""Serve this domain: OpenAI's API for everything it has, on one address.

The first start makes a key for an administrator and shows it once.

Example:
  lorewright serve
  lorewright serve --port 9000 --host 0.0.0.0
"""

import argparse
import socket
from dataclasses import replace

from lorewright.cli.domain import add_domain_option
from lorewright.cli.output import note, show_json
from lorewright.errors import InvalidSetting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `serve` takes."""
    add_domain_option(parser)
    parser.add_argument("--host", help="the address to listen on (default: serve.host, 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, help="the port to listen on, 0 for any (default: serve.port, 8321)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped; streams under way are finished first."""
    import uvicorn

    from lorewright.api.app import build_app
    from lorewright.workspace import find_domain
    from lorewright.workspace.home import Home

    home = Home(find_domain(arguments.domain))
    asked = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    settings = replace(home.workspace.settings.serve, **asked)
    listening = _listening(settings.host, settings.port)
    host, port = listening.getsockname()[:2]
    first_key = None if home.keys.all() else home.keys.make("administrator", is_admin=True)[1]
    if arguments.json:
        show_json({"base_url": f"http://{host}:{port}/v1", "key": first_key})
    else:
        note(f"Lorewright serves {home.name} at http://{host}:{port}/v1")
        if first_key:
            note(f"Key of the administrator, shown this once: {first_key}")
    home.resume()
    config = uvicorn.Config(build_app(home), log_level="warning", timeout_graceful_shutdown=30)
    uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listening(host: str, port: int) -> "socket.socket":
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise InvalidSetting(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            hint="Give another --port or --host.",
        ) from error
