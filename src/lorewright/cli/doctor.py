"""Check this machine and this domain, and show how to fix problems.

Example:
  lorewright doctor
  lorewright doctor --plugins             the plug-ins of other packages, and whether they load
"""

import argparse

from lorewright.cli.domain import add_domain_option
from lorewright.cli.output import show, show_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `doctor` takes."""
    add_domain_option(parser)
    parser.add_argument("--plugins", action="store_true", help="list plug-ins instead")


def run(arguments: argparse.Namespace) -> int:
    """Print every check, or every plug-in; exit code 1 when one failed."""
    if arguments.plugins:
        return _show_plugins(as_json=arguments.json)
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


def _show_plugins(*, as_json: bool) -> int:
    from dataclasses import asdict

    from lorewright.workspace.domain.plugins import list_plugins

    plugins = list_plugins()
    if as_json:
        show_json([asdict(plugin) for plugin in plugins])
    elif not plugins:
        show("No plug-ins are installed.")
    else:
        for one in plugins:
            state = one.error or "loads"
            show(f"{one.kind:<9} {one.name:<16} {one.distribution} {one.version}  {state}")
    return 1 if any(plugin.error for plugin in plugins) else 0
