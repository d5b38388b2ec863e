"""Restrict folders and documents to groups, or list what is restricted.

What is restricted is found, cited, listed and counted for the members of these groups and for
administrators only. Users and groups are made in the studio or over the API.

Example:
  lorewright access hr/ --groups personnel
  lorewright access hr/salaries.xlsx --groups management
  lorewright access hr/ --lift
  lorewright access
"""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_columns, show_json
from lorewright.errors import InvalidSetting

if TYPE_CHECKING:
    from lorewright.access import Caller
    from lorewright.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `access` takes."""
    add_domain_option(parser)
    parser.add_argument("path", nargs="?", help="the folder (hr/) or the document to restrict")
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--groups", nargs="*", metavar="GROUP", help="only these groups may read it (none: administrators)"
    )
    doing.add_argument("--lift", action="store_true", help="lift the restriction")


def run(arguments: argparse.Namespace) -> int:
    """Restrict or lift, and list what is restricted then."""
    from lorewright.workspace.documents.restrictions import list_restrictions

    caller = local_caller()
    with open_workspace(arguments) as workspace:
        _change(arguments, workspace, caller)
        restrictions = list_restrictions(workspace, caller)
    if arguments.json:
        show_json({"restrictions": [asdict(one) for one in restrictions]})
        return 0
    if not restrictions:
        show("Nothing is restricted: who has access to the domain's documents may read all of them.")
        return 0
    rows = [("path", "documents", "groups")]
    rows += [
        (one.path, str(one.n_documents), ", ".join(one.groups) or "administrators") for one in restrictions
    ]
    show_columns(rows)
    return 0


def _change(arguments: argparse.Namespace, workspace: "Workspace", caller: "Caller") -> None:
    from lorewright.workspace.documents.restrictions import lift_restriction, restrict

    is_change = arguments.lift or arguments.groups is not None
    if is_change != bool(arguments.path):
        raise InvalidSetting(
            "To restrict something, give its path and --groups, or --lift.",
            hint="Example: lorewright access hr/ --groups personnel",
        )
    if arguments.lift:
        lift_restriction(workspace, caller, arguments.path)
    elif is_change:
        restrict(workspace, caller, arguments.path, arguments.groups)
