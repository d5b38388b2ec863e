"""Restore a domain from a backup into a folder, on this machine or another one.

Example:
  lorewright restore handbook.tar.gz handbook
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from lorewright.cli.output import note, show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `restore` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup file")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")


def run(arguments: argparse.Namespace) -> int:
    """Make the folder, whole or not at all, and say what is in it."""
    from lorewright.cli.watch import progress_bar
    from lorewright.workspace.domain.backup import restore

    with progress_bar("files") as progress:
        restored = restore(arguments.file, arguments.folder, progress)
    if arguments.json:
        show_json(asdict(restored))
    else:
        show(f"Restored {restored.domain} to {arguments.folder}: {restored.n_documents} documents.")
    if restored.was_at:
        note("Its state is in its folder now, not on PostgreSQL: lorewright move --to URL brings it there.")
    return 0
