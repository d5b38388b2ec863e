"""Check this machine and this domain, and say what to do about what is missing.

Example:
  lorewright doctor
"""

import argparse

from lorewright.cli.domain import add_domain_option
from lorewright.cli.output import show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `doctor` takes."""
    add_domain_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every check; exit code 1 when one failed."""
    from dataclasses import asdict

    from lorewright.workspace.domain.doctor import examine

    checks = examine(arguments.domain)
    if arguments.json:
        show_json([asdict(check) for check in checks])
    else:
        for check in checks:
            show(
                f"{check.state:<7} {check.name:<12} {check.finding}"
                + (f" {check.remedy}" if check.remedy else "")
            )
    return 1 if any(check.state == "failed" for check in checks) else 0
