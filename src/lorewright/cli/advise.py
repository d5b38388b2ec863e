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
    from lorewright.workspace.report import advice_text, advise_json

    with open_workspace(arguments) as workspace:
        if arguments.json:
            show_json(advise_json(workspace))
        else:
            show(advice_text(workspace))
    return 0
