"""Deploy an arm under a model name, in versions: live, canary, shadow, rollback.

A version keeps the adapter it was measured with, even if you tune again later. With --min, it goes live
only if the lower end of the measured 95% interval is at least this value.

Example:
  lorewright deploy hybrid --name version-desk --min correctness=0.6
  lorewright deploy rag --name version-desk --canary 0.1
  lorewright deploy --name version-desk --promote
  lorewright deploy --name version-desk --rollback
  lorewright deploy --name version-desk --grant personnel
  lorewright deploy --name version-desk --check
  lorewright deploy --list
"""

import argparse
from typing import TYPE_CHECKING, Any

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_columns, show_json
from lorewright.errors import InvalidSetting

FELL = 3
"""The exit code where what is live answers worse than it was measured."""

if TYPE_CHECKING:
    from lorewright.access import Caller
    from lorewright.workspace import Workspace

USES = {
    "deploy": ("arm", "name", "min", "max", "canary", "shadow", "note"),
    "deploy --promote": ("promote", "name", "min", "max"),
    "deploy --rollback": ("rollback", "name"),
    "deploy --grant": ("grant", "name"),
    "deploy --no-grant": ("no_grant", "name"),
    "deploy --check": ("check", "name"),
    "deploy --list": ("list",),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    modes = ("rollback", "grant", "no_grant", "check", "list")
    named = next((mode for mode in modes if getattr(arguments, mode)), "")
    if arguments.promote is not None:
        named = "promote"
    return f"deploy --{named.replace('_', '-')}" if named else "deploy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `deploy` takes."""
    add_domain_option(parser)
    parser.add_argument("arm", nargs="?", help="the arm or custom flow to deploy")
    parser.add_argument("--name", help="the model name for clients")
    for option, bound in (("--min", "require at least"), ("--max", "require at most")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="METRIC=VALUE",
            help=f"{bound} this measured value of the metric",
        )
    parser.add_argument(
        "--canary",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="answer only this share of the requests (canary)",
    )
    parser.add_argument(
        "--shadow",
        action="store_true",
        help="answer in the background only, without returning the answers (shadow)",
    )
    parser.add_argument("--note", default="", help="a note about this version")
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument(
        "--promote", nargs="?", type=int, const=0, metavar="N", help="make the canary, or version N, live"
    )
    doing.add_argument("--rollback", action="store_true", help="make the previous version live again")
    doing.add_argument(
        "--grant",
        action="append",
        metavar="GROUP",
        help="answer from the documents of this group, whoever asks ('*': all documents)",
    )
    doing.add_argument(
        "--no-grant", action="store_true", help="answer from the documents that the caller may read"
    )
    doing.add_argument(
        "--check",
        action="store_true",
        help="measure the live version again: exit with 3 if it fell since it was deployed",
    )
    doing.add_argument("--list", action="store_true", help="list all deployments")


def run(arguments: argparse.Namespace) -> int:
    """Deploy, promote, roll back or list, and list all deployments then."""
    from lorewright.workspace.deployments.as_json import deployment_to_json
    from lorewright.workspace.deployments.listing import all_deployments, find_deployment

    caller = local_caller()
    with open_workspace(arguments) as workspace:
        if arguments.list:
            deployments = all_deployments(workspace, caller)
            rows = [deployment_to_json(workspace, caller, deployment) for deployment in deployments]
            if arguments.json:
                show_json({"deployments": rows})
            else:
                _show_all(rows)
            return 0
        if arguments.check:
            return _check(arguments, workspace)
        changed = _change(arguments, workspace, caller)
        deployment = find_deployment(workspace, caller, arguments.name)
        deployment_json = deployment_to_json(workspace, caller, deployment)
    if arguments.json:
        show_json({**deployment_json, "changed_since_measured": changed})
        return 0
    _show_all([deployment_json])
    for line in changed:
        note(f"Changed since it was measured: {line}")
    return 0


def _check(arguments: argparse.Namespace, workspace: "Workspace") -> int:
    """Measure the live version again, and print what became of it."""
    from lorewright.cli.watch import watch

    if not arguments.name:
        raise InvalidSetting("Missing deployment name.", hint="Set it with --name NAME.")
    done = watch(workspace, "remeasure", {"deployment": arguments.name})
    if arguments.json:
        show_json(done)
    else:
        show(f"{done['version']}: {done['text']}")
    return FELL if done["outcome"] == "fell" else 0


def _change(arguments: argparse.Namespace, workspace: "Workspace", caller: "Caller") -> list[str]:
    """Do what the command line asks for, and return what changed since the new version was measured."""
    from lorewright.deployments import Bar
    from lorewright.workspace.deployments.deploy import Order, deploy, promote, roll_back
    from lorewright.workspace.deployments.grants import set_grant
    from lorewright.workspace.deployments.listing import changed_since

    if not arguments.name:
        raise InvalidSetting("Missing deployment name.", hint="Set it with --name NAME.")
    bar = Bar(min=_bounds(arguments.min), max=_bounds(arguments.max))
    if arguments.grant or arguments.no_grant:
        set_grant(workspace, caller, arguments.name, arguments.grant or ())
        return []
    if arguments.rollback:
        roll_back(workspace, caller, arguments.name)
        return []
    if arguments.promote is not None:
        promote(workspace, caller, arguments.name, arguments.promote or None, bar=bar or None)
        return []
    if not arguments.arm:
        raise InvalidSetting("Missing arm.", hint="Example: lorewright deploy rag --name my-domain")
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
            raise InvalidSetting(f"{text!r} is not a valid bound.", hint="Example: correctness=0.6") from None
    return bounds


def _show_all(deployments: list[dict[str, Any]]) -> None:
    rows = [("model", "arm", "traffic", "correctness", "created", "documents")]
    for deployment in deployments:
        for version in deployment["versions"]:
            measured = version["correctness"]
            rows.append((
                version["model"], version["arm"], _answers(deployment, version["number"]),
                f"{measured['mean']:.2f} ({measured['low']:.2f} to {measured['high']:.2f}, n={measured['n']})"
                if measured else "not measured",
                f"by {version['made_by']}", _documents(deployment["grant"]),
            ))  # fmt: skip
    if len(rows) == 1:
        show("No deployments yet. Create one with: lorewright deploy ARM --name NAME")
        return
    show_columns(rows)


def _documents(grant: list[str]) -> str:
    """Return which documents a deployment answers from, in words."""
    if "*" in grant:
        return "all, whoever asks (granted)"
    return f"those of {', '.join(grant)}, whoever asks (granted)" if grant else "the caller's"


def _answers(deployment: dict[str, Any], number: int) -> str:
    """Return whom a version answers, in words."""
    canary, shadow = deployment["canary"], deployment["shadow"]
    if canary and canary["version"] == number:
        return f"{canary['share']:.0%} of the requests"
    if deployment["live"] == number:
        return "all other requests" if canary else "all requests"
    return (
        "in the background (shadow)"
        if shadow and shadow["version"] == number
        else "requests for this version"
    )
