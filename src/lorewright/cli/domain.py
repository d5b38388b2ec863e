"""The option that says which domain a command works in."""

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lorewright.access import Caller
    from lorewright.workspace import Workspace


def add_domain_option(parser: argparse.ArgumentParser) -> None:
    """Let a command work in another domain than the one it stands in."""
    parser.add_argument(
        "-d",
        "--domain",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder of the domain (default: the current folder)",
    )


@contextmanager
def open_workspace(arguments: argparse.Namespace) -> Iterator["Workspace"]:
    """Open the workspace of the domain that the command line names; one that is kept open stays open."""
    from lorewright.workspace import Workspace, find_domain
    from lorewright.workspace.domain.origin import Origin, set_origin

    set_origin(Origin(door="cli"))
    kept = getattr(arguments, "kept", None)
    if kept is not None and kept.folder == find_domain(arguments.domain):
        yield kept.workspace()
        return
    with Workspace(find_domain(arguments.domain)) as workspace:
        arguments.stay_minutes = workspace.settings.commands.stay_minutes
        yield workspace


def local_caller() -> "Caller":
    """Return who works at this command line: the administrator, under the name of the machine's user."""
    from lorewright.access import LOCAL

    return replace(LOCAL, name=getpass.getuser())
