"""Move the state of a domain into another database: from SQLite to PostgreSQL, and back.

Stop its servers and workers first. Every row is copied and compared; storage.url in lorewright.toml
changes at the very end. Interrupted, the same command goes on.

Example:
  lorewright move --to 'postgresql+psycopg://lorewright:${LOREWRIGHT_DB_PASSWORD}@db.example/handbook'
  lorewright move --to sqlite
"""

import argparse
from dataclasses import asdict

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `move` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "--to", required=True, metavar="URL", help="the address of a PostgreSQL database, or: sqlite"
    )


def run(arguments: argparse.Namespace) -> int:
    """Move the state and say what was done."""
    from lorewright.cli.watch import progress_bar
    from lorewright.workspace.server.moving import move

    with open_workspace(arguments) as workspace, progress_bar("rows") as progress:
        moved = move(workspace, local_caller(), arguments.to, progress)
    if arguments.json:
        show_json(asdict(moved))
        return 0
    n_rows = sum(moved.tables.values())
    show(f"Moved from {moved.source} to {moved.target}: {n_rows} rows, each compared.")
    show("storage.url in lorewright.toml was changed.")
    show(moved.left_behind)
    return 0
