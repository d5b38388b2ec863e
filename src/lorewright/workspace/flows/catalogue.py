"""The flows of a domain as callers may see, save and remove them."""

from functools import partial

from lorewright.access import Caller
from lorewright.errors import InUse, InvalidFlow, LorewrightError, NotAllowed, NotFound, UnknownName
from lorewright.flows import Flow, arms, called_by, flow_to_json, inlined, style_from
from lorewright.storage import Record, Records
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows import library
from lorewright.workspace.flows.example_origins import note_examples
from lorewright.workspace.flows.library import KIND, check_all, find_flow, find_own, flow_record_id


def all_arms(workspace: Workspace, caller: Caller) -> dict[str, Flow]:
    """Return every standard arm of this domain by its name."""
    caller.need("read", "deploy")
    return library.domain_arms(workspace, caller)


def all_own_flows(workspace: Workspace, caller: Caller) -> dict[str, Flow]:
    """Return every flow that somebody made by its name, the oldest first."""
    caller.need("read", "deploy")
    return library.own_flows(workspace, caller)


def get_flow(workspace: Workspace, caller: Caller, name: str) -> Flow:
    """Return an arm, trained or not, or an own flow; raise `NotFound` where there is none."""
    caller.need("read", "deploy")
    flow = library.domain_arms(workspace, caller).get(name) or find_own(workspace, caller, name)
    if flow is None:
        raise no_flow(name)
    return flow


def why_unready(workspace: Workspace, caller: Caller, name: str) -> str | None:
    """Return why an arm cannot answer yet, `None` where it can."""
    caller.need("read", "deploy")
    try:
        library.find_arm(workspace, caller, name)
    except LorewrightError as error:
        return f"{error} {error.hint}".strip()
    return None


def check_flow(workspace: Workspace, caller: Caller, flow: Flow) -> None:
    """Raise `InvalidFlow` for a flow that cannot run here, or that calls one that cannot."""
    caller.need("read", "deploy")
    check_all(workspace, caller, flow)


def may_use_flow(workspace: Workspace, caller: Caller, name: str) -> bool:
    """Return whether a caller may use an arm or a flow, named with the domain or without it."""
    return caller.may_use_model(f"{workspace.folder.name}/{name}") or caller.may_use_model(name)


def usable_flow(workspace: Workspace, caller: Caller, name: str) -> Flow:
    """Return an arm or a flow, its calls drawn into it; what the caller may not use is not there.

    Raises `UnknownName` for one that is not there and `TooFewExamples` for one that is not trained.
    """
    flow = _usable(workspace, caller, name)
    return inlined(flow, partial(_usable, workspace, caller))


def need_any_flow(caller: Caller) -> None:
    """Raise `NotAllowed` unless the caller may use every model: a flow of one's own may ask any."""
    if not caller.may_use_model("*"):
        raise NotAllowed(
            f"The key {caller.name!r} is limited to some models, but a flow can use any model.",
            hint="Ask an administrator for a key without a model limit.",
        )


def save_flow(workspace: Workspace, caller: Caller, flow: Flow, *, is_replacing: bool = False) -> Record:
    """Return the record of a flow, saved under its name.

    Raises `InvalidFlow` for one that cannot run or has an arm's name, and `InUse` for a name that
    is taken, unless `is_replacing`.
    """
    caller.need("deploy")
    need_any_flow(caller)
    if not flow.name.strip() or "/" in flow.name or len(flow.name) > 64:
        raise InvalidFlow(
            f"{flow.name!r} is not a valid flow name.", hint="Use 1 to 64 characters without a slash."
        )
    if flow.name in arms(style_from((), workspace.settings)):
        raise InvalidFlow(
            f"{flow.name!r} is the name of a standard arm.", hint="Choose another name for your flow."
        )
    check_all(workspace, caller, flow)
    records, place = Records(workspace.database, KIND), flow_record_id(flow.name)
    former = records.find(place)
    if former is None or is_replacing:
        note_examples(workspace, flow_to_json(flow), before=former.body if former else None)
    if former is None:
        saved = records.add(place, flow_to_json(flow), owner=caller.id)
    elif is_replacing:
        saved = records.change(place, lambda _: flow_to_json(flow))
    else:
        raise InUse(
            f"A flow named {flow.name!r} already exists.",
            hint="Choose another name, or set replace=true.",
        )
    audit(workspace, caller, Act.FLOW_SAVED, flow.name)
    return saved


def remove_flow(workspace: Workspace, caller: Caller, name: str) -> None:
    """Remove an own flow that no other one calls; versions of deployments keep theirs."""
    caller.need("deploy")
    if find_own(workspace, caller, name) is None or not may_use_flow(workspace, caller, name):
        raise no_flow(name)
    calling = [flow.name for flow in library.own_flows(workspace, caller).values() if name in called_by(flow)]
    if calling:
        raise InUse(
            f"The flow {name!r} is called by {', '.join(calling)}.", hint="Change or delete those first."
        )
    Records(workspace.database, KIND).remove(flow_record_id(name))
    audit(workspace, caller, Act.FLOW_REMOVED, name)


def no_flow(name: str) -> NotFound:
    """Return the error for a flow that is not there, or not for this caller."""
    return NotFound(f"No flow found with name {name!r}.")


def _usable(workspace: Workspace, caller: Caller, name: str) -> Flow:
    if may_use_flow(workspace, caller, name):
        return find_flow(workspace, caller, name)
    known = (*library.domain_arms(workspace, caller), *library.own_flows(workspace, caller))
    usable = [one for one in known if may_use_flow(workspace, caller, one)]
    raise UnknownName(f"No arm named {name!r}.", hint=f"Available: {', '.join(usable)}.")
