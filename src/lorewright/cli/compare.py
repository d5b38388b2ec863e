"""Measure every arm on the held-out questions, build what is missing first, and write the report.

Example:
  lorewright compare
  lorewright compare --arms rag,hybrid --limit 50
"""

import argparse

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json
from lorewright.errors import InvalidSetting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `compare` takes."""
    add_domain_option(parser)
    parser.add_argument("--arms", help="arms, separated by commas (default: all that can be built)")
    parser.add_argument("--limit", type=int, metavar="N", help="ask at most N held-out questions")
    parser.add_argument("--tags", help="ask only questions with one of these tags, separated by commas")
    parser.add_argument("--file", metavar="NAME", help="ask only the questions in this file of questions/")
    parser.add_argument("--no-drill", action="store_true", help="skip the update drill")


def run(arguments: argparse.Namespace) -> int:
    """Run the job, then show arms, verdict, and where the report lies."""
    from lorewright.cli.watch import watch
    from lorewright.workspace.comparisons.advice import write_report
    from lorewright.workspace.dataset.question_choice import comparison_order

    if arguments.limit is not None and arguments.limit < 1:
        raise InvalidSetting(f"--limit is {arguments.limit}.", hint="It must be at least 1.")
    with open_workspace(arguments) as workspace:
        order = comparison_order(
            arguments.arms.split(",") if arguments.arms else None,
            limit=arguments.limit or workspace.settings.evaluation.limit,
            tags=arguments.tags.split(",") if arguments.tags else (),
            file=arguments.file or "",
            is_drilled=not arguments.no_drill,
        )
        watch(workspace, "compare", order)
        written = write_report(workspace, local_caller())
    if arguments.json:
        show_json(written.to_json())
    else:
        show(f"{written.text}\n\nReport: {written.html_path}")
    return 0
