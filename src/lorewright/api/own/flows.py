"""`/lorewright/v1/flows`: the arms and flows of one's own: checked, saved, and tried out node by node."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.api.http.streaming import finished
from lorewright.errors import InvalidFlow
from lorewright.evaluation import to_json
from lorewright.flows import Flow, Node, describe_kinds, flow_from_json, flow_hash, flow_to_json, problems
from lorewright.flows.arm_names import ARMS
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.flow_trials import try_flow, try_node
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.flows.catalogue import (
    all_arms,
    all_own_flows,
    check_flow,
    get_flow,
    remove_flow,
    save_flow,
    why_unready,
)
from lorewright.workspace.flows.tool_servers import offered_tools
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/flows", tags=["flows"])


class GivenFlow(RequestBody):
    """A flow as JSON."""

    model_config = ConfigDict(extra="forbid")

    name: str
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]

    def read(self) -> Flow:
        """Return the flow that this is."""
        return flow_from_json(self.model_dump(include={"name", "nodes", "edges"}))


class NewFlow(GivenFlow):
    """A flow to be saved under its name; `replace` lets it take the place of one that has it."""

    replace: bool = False


class FlowRun(RequestBody):
    """A flow, by its name or as JSON, and the conversation it is to answer."""

    flow: str | GivenFlow
    messages: list[dict[str, Any]] = Field(min_length=1)
    seed: int = 0


class GivenNode(RequestBody):
    """A node as JSON."""

    id: str = "node"
    kind: str
    params: dict[str, Any] = Field(default_factory=dict)


class NodeRun(RequestBody):
    """One node and what enters it by input port; the node itself, or the id of one of a flow's."""

    node: str | GivenNode
    flow: str | GivenFlow | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    seed: int = 0


@router.get("")
def list_flows(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the arms, the simplest first, then the domain's own flows."""
    names = (*all_arms(server.workspace, caller), *all_own_flows(server.workspace, caller))
    return listed_values([_as_json(server, caller, name) for name in names])


@router.post("")
def create_flow(body: NewFlow, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Save a flow; one that cannot run is refused."""
    save_flow(server.workspace, caller, body.read(), is_replacing=body.replace)
    return _as_json(server, caller, body.name)


@router.get("/kinds")
def list_kinds(caller: CallerOf) -> dict[str, Any]:
    """List the kinds of nodes with what they do, their ports and parameters."""
    caller.need("read")
    return listed_values([{"id": kind["kind"], "object": "flow.kind", **kind} for kind in describe_kinds()])


@router.get("/tools")
def list_tools(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the tool servers that flows may use, each with its tools or an error."""
    return listed_values([{"object": "tool_server", **to_json(one)} for one in offered_tools(server, caller)])


@router.post("/validate")
def validate(body: dict[str, Any], server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return every problem that keeps a flow from running, including those of flows it calls."""
    caller.need("read")
    try:
        flow = flow_from_json(body)
        problem_list = problems(flow)
        if not problem_list:
            check_flow(server.workspace, caller, flow)
    except InvalidFlow as error:
        problem_list = [error]
    messages = [{"message": str(problem), "hint": problem.hint} for problem in problem_list]
    return {"object": "flow.validation", "is_valid": not messages, "problems": messages}


@router.post("/run")
async def run_flow(body: FlowRun, request: Request, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return a flow's answer, with every node's output and time."""
    conversation = conversation_from(body.messages)
    given = body.flow if isinstance(body.flow, str) else body.flow.read()
    result: dict[str, Any] = await finished(
        request,
        lambda stopped: try_flow(server, caller, given, conversation, seed=body.seed, stopped=stopped),
    )
    return result


@router.post("/run_node")
async def run_one_node(body: NodeRun, request: Request, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Run one node on given inputs, and return its outputs and time."""
    given = body.flow if isinstance(body.flow, str) else body.flow.read() if body.flow else None
    wanted = body.node
    node = Node(wanted.id, wanted.kind, wanted.params) if isinstance(wanted, GivenNode) else wanted
    result: dict[str, Any] = await finished(
        request,
        lambda stopped: try_node(server, caller, given, node, body.inputs, seed=body.seed, stopped=stopped),
    )
    return result


@router.get("/{name}")
def get_one_flow(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one flow."""
    return _as_json(server, caller, name)


@router.delete("/{name}")
def delete_flow(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a flow of your own; arms cannot be deleted."""
    remove_flow(server.workspace, caller, name)
    return {"id": name, "object": "flow", "deleted": True}


def _as_json(server: Server, caller: Caller, name: str) -> dict[str, Any]:
    flow = get_flow(server.workspace, caller, name)
    is_arm = name in ARMS
    return {
        "id": flow.name,
        "object": "flow",
        "is_arm": is_arm,
        "unready": why_unready(server.workspace, caller, name) if is_arm else None,
        "flow_hash": flow_hash(flow),
        **flow_to_json(flow),
    }
