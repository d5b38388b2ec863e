"""The option that says which domain a command works in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lorewright.workspace import Workspace


def add_domain_option(parser: argparse.ArgumentParser) -> None:
    """Let a command work in another domain than the one it stands in."""
    parser.add_argument(
        "-d", "--domain", type=Path, default=Path(), metavar="FOLDER", help="the domain (default: here)"
    )


def open_workspace(arguments: argparse.Namespace) -> "Workspace":
    """Return the workspace of the domain that the command line names."""
    from lorewright.workspace import Workspace, find_domain

    return Workspace(find_domain(arguments.domain))
