"""Serve this domain to an agent over the Model Context Protocol, on standard input and output.

Agents start this command themselves. `lorewright serve` provides the same at /mcp, with keys.

Example:
  lorewright mcp
  lorewright mcp --domain ~/my-domain --read-only
"""

import argparse

from lorewright.cli.domain import add_domain_option


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `mcp` takes."""
    add_domain_option(parser)
    parser.add_argument("--read-only", action="store_true", help="omit the tools that change something")


def run(arguments: argparse.Namespace) -> int:
    """Serve until the input ends."""
    from lorewright.api.agents.tools import serve_stdio
    from lorewright.workspace import find_domain
    from lorewright.workspace.server.server import Server

    server = Server(find_domain(arguments.domain))
    try:
        serve_stdio(server, is_read_only=arguments.read_only)
    finally:
        server.close()
    return 0
