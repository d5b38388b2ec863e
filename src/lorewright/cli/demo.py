"""Run the whole main job on the bundled domain: a desk that says which releases are supported.

Documents are added, two adapters trained, six arms measured on held-out questions, and a few
facts change on the way. Ends with a verdict and the path of an HTML report.

Example:
  lorewright demo
"""

import argparse
from pathlib import Path

from lorewright.cli.output import note

DEMO_QUESTIONS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `demo` takes."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("version-desk"), help="where to lay it out"
    )
    parser.add_argument(
        "--limit", type=int, default=DEMO_QUESTIONS, metavar="N", help="held-out questions to ask"
    )


def run(arguments: argparse.Namespace) -> int:
    """Lay the domain out and compare its arms."""
    from lorewright.cli import compare
    from lorewright.workspace.demo import lay_out_demo

    folder = lay_out_demo(arguments.folder)
    note(f"The version desk lies in {folder}/: documents, examples, held-out questions, and an update.")
    arguments.domain, arguments.arms, arguments.no_drill = folder, None, False
    return compare.run(arguments)
