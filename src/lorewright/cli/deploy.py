"""Put an arm behind a name: versions that go live, take a share of the callers, or are taken back.

A version keeps the adapter it was measured with, whatever is tuned later. With --min it goes live
only if the lower end of the measured 95 % interval is at least that.

Example:
  lorewright deploy hybrid --name version-desk --min correctness=0.6
  lorewright deploy rag --name version-desk --canary 0.1
  lorewright deploy --name version-desk --promote
  lorewright deploy --name version-desk --rollback
  lorewright deploy --list
"""

import argparse
from typing import TYPE_CHECKING, Any

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_columns, show_json
from lorewright.errors import InvalidSetting

if TYPE_CHECKING:
    from lorewright.access import Caller
    from lorewright.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `deploy` takes."""
    add_domain_option(parser)
    parser.add_argument("arm", nargs="?", help="the arm, or a flow of your own, to make a version of")
    parser.add_argument("--name", help="the name that callers give as their model")
    for option, asked in (("--min", "reach at least"), ("--max", "stay below")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="METRIC=VALUE",
            help=f"what it must have been measured to {asked}",
        )
    parser.add_argument("--canary", type=float, default=0.0, metavar="SHARE", help="answer this share only")
    parser.add_argument("--shadow", action="store_true", help="answer in the background, shown to nobody")
    parser.add_argument("--note", default="", help="what is new in this version")
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--promote", nargs="?", type=int, const=0, metavar="N", help="let the canary, or version N, go live"
    )
    doing.add_argument("--rollback", action="store_true", help="let the version before go live again")
    doing.add_argument("--list", action="store_true", help="show what is deployed")


def run(arguments: argparse.Namespace) -> int:
    """Deploy, promote, roll back or list, and show what is deployed then."""
    from lorewright.workspace.deployments.as_json import deployment_to_json
    from lorewright.workspace.deployments.listing import all_deployments, find_deployment

    caller = local_caller()
    with open_workspace(arguments) as workspace:
        if arguments.list:
            deployments = all_deployments(workspace, caller)
            shown = [deployment_to_json(workspace, caller, deployment) for deployment in deployments]
            if arguments.json:
                show_json({"deployments": shown})
            else:
                _show_all(shown)
            return 0
        changed = _change(arguments, workspace, caller)
        deployment = find_deployment(workspace, caller, arguments.name)
        found = deployment_to_json(workspace, caller, deployment)
    if arguments.json:
        show_json({**found, "changed_since_measured": changed})
        return 0
    _show_all([found])
    for line in changed:
        note(f"Changed since it was measured: {line}")
    return 0


def _change(arguments: argparse.Namespace, workspace: "Workspace", caller: "Caller") -> list[str]:
    """Do what the command line asks for, and return what changed since the new version was measured."""
    from lorewright.deployments import Bar
    from lorewright.workspace.deployments.deploy import Order, deploy, promote, roll_back
    from lorewright.workspace.deployments.listing import changed_since

    if not arguments.name:
        raise InvalidSetting("No name was given.", hint="Say which deployment with --name NAME.")
    bar = Bar(min=_bounds(arguments.min), max=_bounds(arguments.max))
    if arguments.rollback:
        roll_back(workspace, caller, arguments.name)
        return []
    if arguments.promote is not None:
        promote(workspace, caller, arguments.name, arguments.promote or None, bar=bar or None)
        return []
    if not arguments.arm:
        raise InvalidSetting(
            "No arm was given.", hint="Say what to deploy: lorewright deploy ARM --name NAME"
        )
    order = Order(
        name=arguments.name,
        arm=arguments.arm,
        bar=bar,
        canary=arguments.canary,
        is_shadow=arguments.shadow,
        note=arguments.note,
    )
    return list(changed_since(workspace, caller, deploy(workspace, caller, order)))


def _bounds(given: list[str]) -> dict[str, float]:
    """Return METRIC=VALUE as a mapping."""
    bounds = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            bounds[name.strip()] = float(value)
        except ValueError:
            raise InvalidSetting(f"{text!r} is no bound.", hint="Write it as correctness=0.6") from None
    return bounds


def _show_all(deployments: list[dict[str, Any]]) -> None:
    rows = [("model", "arm", "answers", "correctness", "made")]
    for found in deployments:
        for version in found["versions"]:
            measured = version["correctness"]
            rows.append((
                version["model"], version["arm"], _answers(found, version["number"]),
                f"{measured['mean']:.2f} ({measured['low']:.2f} to {measured['high']:.2f}, n={measured['n']})"
                if measured else "not measured",
                f"by {version['made_by']}",
            ))  # fmt: skip
    if len(rows) == 1:
        show("Nothing is deployed yet: lorewright deploy ARM --name NAME")
        return
    show_columns(rows)


def _answers(found: dict[str, Any], number: int) -> str:
    """Return whom a version answers, in words."""
    canary, shadow = found["canary"], found["shadow"]
    if canary and canary["version"] == number:
        return f"{canary['share']:.0%} of the callers"
    if found["live"] == number:
        return "the other callers" if canary else "all callers"
    return "in the background" if shadow and shadow["version"] == number else "by its number"
