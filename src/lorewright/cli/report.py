"""Show the latest comparison or an earlier one, or write it to a file.

Example:
  lorewright report
  lorewright report --html report.html
  lorewright report --precomputed
"""

import argparse
from pathlib import Path

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json

USES = {
    "report": ("comparison", "html", "to_rate"),
    "report --precomputed": ("precomputed", "html", "to_rate"),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    return "report --precomputed" if arguments.precomputed else "report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `report` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "--comparison", default="", metavar="ID", help="the comparison to show (default: the latest)"
    )
    parser.add_argument(
        "--precomputed", action="store_true", help="show the comparison that comes with the template"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as one HTML file")
    parser.add_argument(
        "--to-rate",
        type=Path,
        metavar="FILE",
        help="write answers for you to rate, to calibrate a judge model",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the report or write it; raise `NothingMeasured` before the first comparison."""
    from lorewright.workspace.comparisons.advice import write_report
    from lorewright.workspace.comparisons.llm_judge import write_to_rate

    with open_workspace(arguments) as workspace:
        if arguments.precomputed:
            from lorewright.workspace.comparisons.bundled import load_bundled_comparison

            arguments.comparison = load_bundled_comparison(workspace, local_caller()).id
        written = write_report(
            workspace, local_caller(), comparison_id=arguments.comparison, html_path=arguments.html
        )
        if arguments.to_rate:
            n = write_to_rate(workspace, local_caller(), written.comparison.id, arguments.to_rate)
            note(f"{n} answers to rate: set “right” to true or false in {arguments.to_rate}.")
    if arguments.json:
        show_json(written.to_json())
    else:
        show(f"{written.text}\n\nReport: {written.html_path}")
    return 0
