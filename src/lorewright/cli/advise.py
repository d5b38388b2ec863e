"""Say what to use, from what is known so far: also before anything was tuned or measured.

Example:
  lorewright advise
"""

import argparse

from lorewright.cli.domain import add_domain_option, open_workspace
from lorewright.cli.output import show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `advise` takes."""
    add_domain_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the recommendation with its reasons."""
    from lorewright.advisor import render_text
    from lorewright.evaluation import to_json
    from lorewright.workspace.report import advise

    with open_workspace(arguments) as workspace:
        comparison, recommendation = advise(workspace)
    if arguments.json:
        show_json(to_json(recommendation))
    else:
        show(render_text(comparison, recommendation))
    return 0
