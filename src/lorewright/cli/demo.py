"""Run everything on the bundled domain: a support desk that says which software versions are supported.

Adds documents, trains two adapters, measures all arms on held-out questions, and changes a few facts
to measure updates. Ends with a recommendation and the path of an HTML report.

With --finished, shows the comparison that was precomputed for the release, without running anything.

Example:
  lorewright demo
  lorewright demo --finished
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from lorewright.cli.output import note

DEMO_QUESTIONS = 30

USES = {"demo": ("folder", "limit"), "demo --finished": ("folder", "finished")}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    return "demo --finished" if arguments.finished else "demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `demo` takes."""
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("version-desk"), help="the folder to create"
    )
    parser.add_argument(
        "--limit", type=int, default=DEMO_QUESTIONS, metavar="N", help="number of held-out questions to ask"
    )
    parser.add_argument("--finished", action="store_true", help="show the precomputed comparison")


def run(arguments: argparse.Namespace) -> int:
    """Lay the domain out and compare its arms."""
    from lorewright.cli import compare, report
    from lorewright.workspace.domain.version_desk import create_demo

    folder = create_demo(arguments.folder)
    note(f"Created the version desk in {folder}/: documents, examples, held-out questions, and an update.")
    where = ["--domain", str(folder)]
    if arguments.finished:
        return report.run(_read_by(report, [*where, "--precomputed"], arguments))
    return compare.run(_read_by(compare, [*where, "--limit", str(arguments.limit)], arguments))


def _read_by(verb: ModuleType, words: Sequence[str], arguments: argparse.Namespace) -> argparse.Namespace:
    """Return what another verb reads in words, with every default that it has; `--json` is for all."""
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return parser.parse_args(words, argparse.Namespace(json=arguments.json))
