"""The domain's flows by name: the arms, and those that people made, whoever asks."""

from functools import partial

from lorewright.errors import TooFewExamples, UnknownName
from lorewright.flows import Flow, arms, flow_from_json, inlined, style_from
from lorewright.flows.arm_names import ADAPTER_OF
from lorewright.storage import Records
from lorewright.workspace.dataset.at_hand import made_once, material_at_hand
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.tool_servers import check_tools


def find_arm(workspace: Workspace, name: str) -> Flow:
    """Return the flow of one arm of this domain, standard or somebody's own, ready to run.

    The flows that it calls are drawn into it, as they are now.
    """
    return inlined(find_flow(workspace, name), partial(find_flow, workspace))


def find_flow(workspace: Workspace, name: str) -> Flow:
    """Return an arm as it was made, calls and all.

    Raises `UnknownName` for one that is not there and `TooFewExamples` for one that is not trained.
    """
    flows = domain_arms(workspace) | own_flows(workspace)
    if name not in flows:
        raise UnknownName(f"No arm named {name!r}.", hint=f"Available: {', '.join(flows)}.")
    if name == "nearest" and not any(node.params.get("examples") for node in flows["few-shot"].nodes):
        raise TooFewExamples(
            "The arm 'nearest' needs examples, but there are none.", hint="Add examples to examples/."
        )
    adapter = ADAPTER_OF.get(name)
    if adapter and workspace.runs.latest(adapter) is None:
        raise TooFewExamples(
            f"The arm {name!r} needs the {adapter} adapter, which is not trained yet.",
            hint="Train it with: lorewright tune",
        )
    return flows[name]


def domain_arms(workspace: Workspace) -> dict[str, Flow]:
    """Return every standard arm of this domain by its name."""
    return dict(made_once(workspace, _arms))


def _arms(workspace: Workspace) -> dict[str, Flow]:
    return arms(style_from(material_at_hand(workspace).train, workspace.settings))


KIND = "flow"


def find_own(workspace: Workspace, name: str) -> Flow | None:
    """Return an own flow, or `None`."""
    record = Records(workspace.database, KIND).find(flow_record_id(name))
    return flow_from_json(record.body) if record else None


def own_flows(workspace: Workspace) -> dict[str, Flow]:
    """Return every own flow by its name, the oldest first."""
    records = Records(workspace.database, KIND).all()
    return {str(record.body["name"]): flow_from_json(record.body) for record in records}


def check_all(workspace: Workspace, flow: Flow) -> None:
    """Raise `InvalidFlow` for a flow that cannot run here, or that calls one that cannot."""
    known = arms(style_from((), workspace.settings)) | own_flows(workspace) | {flow.name: flow}

    def find(name: str) -> Flow:
        if name not in known:
            raise UnknownName(f"No flow named {name!r}.", hint=f"Available: {', '.join(known)}.")
        return known[name]

    check_tools(workspace, inlined(flow, find))


def flow_record_id(name: str) -> str:
    """Return the id of the record that holds an own flow."""
    return f"flow/{name}"
