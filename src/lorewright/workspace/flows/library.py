"""The domain's flows by name: the arms, and those that people made."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.errors import TooFewExamples, UnknownName
from lorewright.flows import Flow, arms, flow_from_json, inlined, optional_arms, style_from
from lorewright.flows.arm_names import ADAPTER_OF, OPTIONAL_ARMS
from lorewright.flows.arms.shown import ShownChunks
from lorewright.storage import Records
from lorewright.workspace.dataset.at_hand import made_once_for, material_at_hand
from lorewright.workspace.dataset.material import material_in
from lorewright.workspace.dataset.refusals import style_of
from lorewright.workspace.domain.kept_shown import latest_shown
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.example_origins import Shown, shown_to
from lorewright.workspace.flows.tool_servers import check_tools


def find_arm(workspace: Workspace, caller: Caller, name: str) -> Flow:
    """Return the flow of one arm of this domain, standard or somebody's own, ready to run.

    The flows that it calls are drawn into it, as they are now.
    """
    return inlined(find_flow(workspace, caller, name), partial(find_flow, workspace, caller))


def find_flow(workspace: Workspace, caller: Caller, name: str) -> Flow:
    """Return an arm as it was made, calls and all, with examples that the caller may see.

    Raises `UnknownName` for one that is not there and `TooFewExamples` for one that is not trained.
    """
    flows = domain_arms(workspace, caller) | own_flows(workspace, caller)
    if name in OPTIONAL_ARMS and name not in flows:
        return made_once_for(workspace, readable(workspace, caller), _optional)[name]
    if name not in flows:
        raise UnknownName(f"No arm named {name!r}.", hint=f"Available: {', '.join(flows)}.")
    if name == "nearest" and not any(node.params.get("examples") for node in flows["few-shot"].nodes):
        raise TooFewExamples(
            "The arm 'nearest' needs examples, but there are none.", hint="Add examples to examples/."
        )
    if missing := missing_adapter(workspace, name, flows[name]):
        what = "classifier" if missing == "classifier" else f"{missing} adapter"
        raise TooFewExamples(
            f"The arm {name!r} needs the {what}, which is not trained yet.",
            hint="Train it with: lorewright tune",
        )
    return flows[name]


def missing_adapter(workspace: Workspace, name: str, flow: Flow) -> str:
    """Return the adapter that a standard arm runs on and that is not trained yet, '' where there is none."""
    if name not in ADAPTER_OF:
        return ""
    named = (str(node.params.get("adapter", "")) for node in flow.nodes if node.kind == "generate")
    wanted = "classifier" if any(node.kind == "classify" for node in flow.nodes) else next(named, "")
    return wanted if wanted and workspace.runs.latest(wanted) is None else ""


def domain_arms(workspace: Workspace, caller: Caller) -> dict[str, Flow]:
    """Return every standard arm of this domain by its name, with examples that a caller may see."""
    allowed, shown = readable(workspace, caller), latest_shown(workspace)
    return dict(made_once_for(workspace, allowed, _arms, shown))


def _arms(workspace: Workspace, allowed: Readable, shown: ShownChunks) -> dict[str, Flow]:
    material = material_in(material_at_hand(workspace), allowed)
    return arms(replace(style_of(workspace, material), shown=shown))


def _optional(workspace: Workspace, allowed: Readable) -> dict[str, Flow]:
    material = material_in(material_at_hand(workspace), allowed)
    return optional_arms(style_of(workspace, material))


KIND = "flow"


def find_own(workspace: Workspace, caller: Caller, name: str) -> Flow | None:
    """Return an own flow with examples that a caller may see, or `None`."""
    record = Records(workspace.database, KIND).find(flow_record_id(name))
    return for_reader(workspace, caller, flow_from_json(record.body)) if record else None


def own_flows(workspace: Workspace, caller: Caller) -> dict[str, Flow]:
    """Return every own flow by its name, the oldest first, with examples that a caller may see."""
    records = Records(workspace.database, KIND).all()
    flows = {str(record.body["name"]): flow_from_json(record.body) for record in records}
    shown = shown_to(workspace, caller) if flows else None
    return {name: _without_hidden(flow, shown) for name, flow in flows.items()}


def own_names(workspace: Workspace) -> list[str]:
    """Return the names of all own flows, the oldest first."""
    return [str(record.body["name"]) for record in Records(workspace.database, KIND).all()]


def for_reader(workspace: Workspace, caller: Caller, flow: Flow) -> Flow:
    """Return a flow without the examples of the dataset that a caller may not see.

    Somebody who could see them has put them into its prompt.
    """
    has_examples = any(node.params.get("examples") for node in flow.nodes)
    return _without_hidden(flow, shown_to(workspace, caller)) if has_examples else flow


def json_for_reader(workspace: Workspace, caller: Caller, flow: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON of a flow, maybe unfinished, as `for_reader` returns flows."""
    nodes, shown = flow.get("nodes"), shown_to(workspace, caller)
    if shown is None or not isinstance(nodes, list):
        return flow
    return {**flow, "nodes": [_json_without_hidden(node, shown) for node in nodes]}


def _json_without_hidden(node: Any, shown: Shown) -> Any:
    if not isinstance(node, Mapping) or not isinstance(node.get("params"), Mapping):
        return node
    return {**node, "params": _params_without_hidden(node["params"], shown)}


def _without_hidden(flow: Flow, shown: Shown | None) -> Flow:
    if shown is None:
        return flow
    nodes = (replace(node, params=_params_without_hidden(node.params, shown)) for node in flow.nodes)
    return replace(flow, nodes=tuple(nodes))


def _params_without_hidden(params: Mapping[str, Any], shown: Shown) -> Mapping[str, Any]:
    examples = params.get("examples")
    if not isinstance(examples, list | tuple):
        return params
    return {**params, "examples": [one for one in examples if shown(one)]}


def check_all(workspace: Workspace, caller: Caller, flow: Flow) -> None:
    """Raise `InvalidFlow` for a flow that cannot run here, or that calls one that cannot."""
    known = arms(style_from((), workspace.settings)) | own_flows(workspace, caller) | {flow.name: flow}

    def find(name: str) -> Flow:
        if name not in known:
            raise UnknownName(f"No flow named {name!r}.", hint=f"Available: {', '.join(known)}.")
        return known[name]

    check_tools(workspace, inlined(flow, find))


def flow_record_id(name: str) -> str:
    """Return the id of the record that holds an own flow."""
    return f"flow/{name}"
