"""Back up the whole domain to one file: settings, documents, examples, index, adapters, accounts, chats.

Example:
  lorewright backup handbook.tar.gz                 also while lorewright serve runs
  lorewright restore handbook.tar.gz new-folder
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from lorewright.amounts import size_text
from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `backup` takes."""
    add_domain_option(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write, such as handbook.tar.gz")


def run(arguments: argparse.Namespace) -> int:
    """Write the file, readable by its owner alone, and say what it holds."""
    from lorewright.cli.watch import progress_bar
    from lorewright.workspace.domain.backup import back_up

    with open_workspace(arguments) as workspace, progress_bar("files") as progress:
        backup = back_up(workspace, local_caller(), arguments.file, progress)
    if arguments.json:
        show_json(asdict(backup))
        return 0
    packed = size_text(arguments.file.stat().st_size)
    show(
        f"{arguments.file}: {backup.n_documents} documents, {backup.n_files} files, "
        f"{size_text(backup.n_bytes)} ({packed} compressed)."
    )
    for name in backup.vanished:
        note(f"skipped: {name} was deleted during the backup")
    return 0
