"""Check this machine and this domain, and show how to fix problems.

Example:
  lorewright doctor
  lorewright doctor --plugins             the plug-ins of other packages, and whether they load
  lorewright doctor --meter               what the check of answers notices in answers made wrong
"""

import argparse

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json

USES = {"doctor": (), "doctor --plugins": ("plugins",), "doctor --meter": ("meter",)}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    if arguments.plugins:
        return "doctor --plugins"
    return "doctor --meter" if arguments.meter else "doctor"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `doctor` takes."""
    add_domain_option(parser)
    parser.add_argument("--plugins", action="store_true", help="list plug-ins instead")
    parser.add_argument(
        "--meter",
        action="store_true",
        help="tamper with answers of this domain instead, and show how many the check catches",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every check, or every plug-in; exit code 1 when one failed."""
    if arguments.plugins:
        return _show_plugins(as_json=arguments.json)
    if arguments.meter:
        return _show_meter(arguments)
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


def _show_meter(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from lorewright.workspace.comparisons.meter import fit_refusals, try_meter
    from lorewright.workspace.domain.judge import find_judge

    with open_workspace(arguments) as workspace:
        caught = try_meter(workspace, local_caller())
        refusals = fit_refusals(workspace, local_caller())
        judge = find_judge(workspace.settings)
    if arguments.json:
        results = [asdict(one) for one in caught]
        show_json({"caught": results, "refusals": asdict(refusals) if refusals else None})
        return 0
    if judge.judge is None:
        show(f"{judge.problem} Using rules instead. {judge.remedy}".strip())
    if not caught:
        show("There is no answer to tamper with. Add documents with: lorewright add --sync")
    for one in caught:
        name = "unchanged" if one.kind == "right" else f"{one.kind} changed"
        show(f"{name:<17} marked {one.marked}   withheld {one.withheld}")
    if refusals is not None:
        show(
            f"retrieval.min_answerability = {refusals.at_least:.2f} suits this domain's questions best: "
            f"answerable refused {refusals.refused}, unanswerable answered "
            f"{refusals.answered or '(there are none)'}"
        )
    return 0


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
