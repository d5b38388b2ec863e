"""Import files exported from OpenAI as examples, held-out questions and documents.

For every file, reports what was recognised, how columns were mapped, and which rows were skipped.
Existing files of the domain are never overwritten.

Example:
  lorewright import openai ~/exported --domain my-domain
  lorewright import openai items.jsonl --question ticket --answer label
"""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller
from lorewright.cli.output import note, show, show_json

if TYPE_CHECKING:
    from lorewright.workspace.dataset.openai_import import ImportedFile

N_SHOWN = 5
"""How many broken rows of a file are named; --json names all of them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `import` takes."""
    add_domain_option(parser)
    parser.add_argument("provider", choices=("openai",), help="the provider the files come from")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--question", default="", metavar="COLUMN", help="the column with the question")
    parser.add_argument("--answer", default="", metavar="COLUMN", help="the column with the reference answer")


def run(arguments: argparse.Namespace) -> int:
    """Import the files into the domain, which is created if it is new; return 2 when nothing was imported."""
    from lorewright.workspace import Workspace, find_domain, init_domain
    from lorewright.workspace.dataset.openai_import import import_exports
    from lorewright.workspace.domain.origin import Origin, set_origin

    set_origin(Origin(door="cli"))

    is_new = arguments.domain != Path() and not arguments.domain.exists()
    folder = init_domain(arguments.domain) if is_new else find_domain(arguments.domain)
    with Workspace(folder.resolve()) as workspace:
        imported = import_exports(
            workspace, local_caller(), arguments.paths, question=arguments.question, answer=arguments.answer
        )
    if arguments.json:
        show_json({"domain": str(folder), "files": [asdict(file) for file in imported]})
    else:
        for file in imported:
            _show(file)
        show(f"Next: cd {folder}, then: lorewright add --sync, lorewright compare")
    return 0 if any(file.target for file in imported) else 2


def _show(file: "ImportedFile") -> None:
    """Print what became of a file, and on standard error what was left out of it."""
    counted = f" ({file.n_rows} rows)" if file.n_rows and file.kind != "document" else ""
    where = f" -> {file.target}{counted}" if file.target else ""
    mapping = f"; {file.mapping}" if file.mapping else ""
    if file.kind != "nothing":
        show(f"{file.file}: {file.kind}{where}{mapping}")
    for reason in file.left_out[:N_SHOWN]:
        note(f"skipped: {file.file}: {reason.removeprefix(f'{file.file}, ')}")
    if len(file.left_out) > N_SHOWN:
        note(f"skipped: {file.file}: {len(file.left_out) - N_SHOWN} more rows")
