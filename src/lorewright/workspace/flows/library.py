"""The domain's flows by name: the arms, and those that people made."""

from functools import partial

from lorewright.errors import InUse, InvalidFlow, NotFound, TooFewExamples, UnknownName
from lorewright.flows import Flow, arms, called_by, flow_from_json, flow_to_json, inlined, style_from
from lorewright.storage import Record, Records
from lorewright.workspace.dataset.material import read_material
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.tool_servers import check_tools

ADAPTER_OF = {"tuned": "bare", "naive-hybrid": "bare", "hybrid": "context"}


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
        raise UnknownName(f"There is no arm {name!r}.", hint=f"There is: {', '.join(flows)}.")
    adapter = ADAPTER_OF.get(name)
    if adapter and workspace.runs.latest(adapter) is None:
        raise TooFewExamples(
            f"The arm {name!r} needs the {adapter} adapter, which was not trained yet.",
            hint="Train it with: lorewright tune",
        )
    return flows[name]


def domain_arms(workspace: Workspace) -> dict[str, Flow]:
    """Return every standard arm of this domain by its name."""
    return arms(style_from(read_material(workspace).train, workspace.settings))


KIND = "flow"


def find_own(workspace: Workspace, name: str) -> Flow | None:
    """Return an own flow, or `None`."""
    record = Records(workspace.database, KIND).find(_id(name))
    return flow_from_json(record.body) if record else None


def own_flows(workspace: Workspace) -> dict[str, Flow]:
    """Return every own flow by its name, the oldest first."""
    records = Records(workspace.database, KIND).all()
    return {str(record.body["name"]): flow_from_json(record.body) for record in records}


def save_flow(workspace: Workspace, flow: Flow, *, by: str = "", is_replacing: bool = False) -> Record:
    """Return the record of a flow, saved under its name.

    Raises `InvalidFlow` for one that cannot run or has an arm's name, and `InUse` for a name that
    is taken, unless `is_replacing`.
    """
    if not flow.name.strip() or "/" in flow.name or len(flow.name) > 64:
        raise InvalidFlow(f"{flow.name!r} is no name for a flow.", hint="Use 1 to 64 characters, no slash.")
    known = arms(style_from((), workspace.settings))
    if flow.name in known:
        raise InvalidFlow(
            f"{flow.name!r} is the name of a standard arm.", hint="Give your flow another name."
        )
    check_all(workspace, flow)
    records = Records(workspace.database, KIND)
    if records.find(_id(flow.name)) is None:
        return records.add(_id(flow.name), flow_to_json(flow), owner=by)
    if not is_replacing:
        raise InUse(
            f"There is a flow {flow.name!r} already.", hint="Give another name, or say that it is replaced."
        )
    return records.change(_id(flow.name), lambda _: flow_to_json(flow))


def check_all(workspace: Workspace, flow: Flow) -> None:
    """Raise `InvalidFlow` for a flow that cannot run here, or that calls one that cannot."""
    known = arms(style_from((), workspace.settings)) | own_flows(workspace) | {flow.name: flow}

    def find(name: str) -> Flow:
        if name not in known:
            raise UnknownName(f"There is no flow {name!r}.", hint=f"There is: {', '.join(known)}.")
        return known[name]

    check_tools(workspace, inlined(flow, find))


def remove_flow(workspace: Workspace, name: str) -> None:
    """Remove an own flow that no other one calls; versions of deployments keep theirs."""
    if find_own(workspace, name) is None:
        raise NotFound(f"No flow found with name {name!r}.")
    calling = [flow.name for flow in own_flows(workspace).values() if name in called_by(flow)]
    if calling:
        raise InUse(
            f"The flow {name!r} is called by {', '.join(calling)}.", hint="Change or delete those first."
        )
    Records(workspace.database, KIND).remove(_id(name))


def _id(name: str) -> str:
    return f"flow/{name}"
