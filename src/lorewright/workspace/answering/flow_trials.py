"""Trying a flow, whole or from one node on."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.agents.packed_turns import whole_outputs
from lorewright.errors import BadParameter, LorewrightError, NotFound, UnknownName
from lorewright.evaluation import to_json
from lorewright.flows import Answer, Flow, Node, OnNode, check, ignore_state
from lorewright.flows.single import run_node
from lorewright.messages import Conversation
from lorewright.models import Stopped, never
from lorewright.workspace.answering.answer_json import annotations, provenance, usage_of
from lorewright.workspace.answering.served_models import ServedParts
from lorewright.workspace.answering.tracing import run
from lorewright.workspace.flows.library import find_arm, find_own
from lorewright.workspace.server.server import Server


def flow_for(server: Server, caller: Caller, given: Flow | str) -> Flow:
    """Return the flow to try out; raise `NotFound` for a name that is not there or not for this key.

    A flow may ask any model of the domain: but for the arms that a key may use, it takes a key
    that may use them all.
    """
    caller.need("chat")
    name = given if isinstance(given, str) else ""
    unknown = NotFound(f"The flow {name!r} does not exist or you do not have access to it.")
    if not (caller.may_use_model("*") or (name and caller.may_use_model(f"{server.name}/{name}"))):
        raise unknown
    if isinstance(given, Flow):
        return given
    try:
        return find_own(server.workspace, caller, given) or find_arm(server.workspace, caller, given)
    except UnknownName as error:
        raise unknown from error


def try_flow(
    server: Server,
    caller: Caller,
    given: Flow | str,
    conversation: Conversation,
    *,
    seed: int = 0,
    stopped: Stopped = never,
    on_node: OnNode = ignore_state,
) -> dict[str, Any]:
    """Return a flow's answer with every node's output and time, in the order of the flow, as JSON.

    `given` is the flow or its name. `on_node` hears of every node while it waits, runs, and is done,
    from the thread that runs it. Raises `NotFound` as `flow_for` does.
    """
    flow = flow_for(server, caller, given)
    parts = ServedParts(server, caller)
    answer = run(flow, conversation, parts, seed=seed, stopped=stopped, on_node=on_node)
    return {"object": "flow.run", "flow": flow.name, "answer": _answer(answer), "nodes": _nodes(flow, answer)}


def try_node(
    server: Server,
    caller: Caller,
    given: Flow | str | None,
    node: Node | str,
    inputs: Mapping[str, Any],
    *,
    seed: int = 0,
    stopped: Stopped = never,
) -> dict[str, Any]:
    """Return what one node makes of given inputs, and how long it took, as JSON.

    It is a node of its own, or the id of one of a flow's, `given` by its name or as it is.
    """
    # A node of its own may ask any model, whatever flow is named beside it.
    flow = flow_for(server, caller, given if given and isinstance(node, str) else Flow("node", (), ()))
    if isinstance(node, str):
        node = _node(flow, node)
    node_run = run_node(node, inputs, ServedParts(server, caller), seed=seed, stopped=stopped)
    return {"object": "flow.node_run", "id": node.id, "kind": node.kind, **to_json(node_run)}


def _node(flow: Flow, node_id: str) -> Node:
    match = next((node for node in flow.nodes if node.id == node_id), None)
    if match is None:
        names = ", ".join(node.id for node in flow.nodes) or "none: provide a flow"
        raise BadParameter("node", f"No node {node_id!r}. Nodes: {names}.")
    return match


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "refused": answer.refused,
        "unsupported": list(answer.unsupported),
        "annotations": annotations(answer),
        "usage": usage_of(answer),
        "latency_ms": answer.latency_ms,
        "provenance": provenance(answer),
    }


def _nodes(flow: Flow, answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "id": node.id,
            "kind": node.kind,
            "time_ms": answer.timings_ms[node.id],
            "outputs": whole_outputs(answer.trace[node.id]),
        }
        for node in flow.nodes
    ]


Outputs = Mapping[str, Mapping[str, Any]]


def run_from(
    server: Server,
    caller: Caller,
    flow: Flow,
    node_id: str,
    outputs: Outputs,
    conversation: Conversation,
    *,
    seed: int = 0,
    stopped: Stopped = never,
    on_node: OnNode = ignore_state,
) -> dict[str, dict[str, Any]]:
    """Return what every node puts out when the flow runs again from `node_id` on, by node and port.

    `outputs` are those of the last run, as its trace has them. A node behind a branch that was not
    taken has none. Raises `BadParameter` where the node's inputs were never put out.
    """
    flow_for(server, caller, flow)
    check(flow)
    kept = {name: dict(ports) for name, ports in outputs.items()}
    parts = ServedParts(server, caller)
    after = _from(flow, node_id)
    for name in after:
        on_node(name, "waiting", 0.0, {})
    for name in after:
        node = next(node for node in flow.nodes if node.id == name)
        edges = [edge for edge in flow.edges if edge.target == name]
        inputs = {
            edge.target_port: kept[edge.source][edge.source_port]
            for edge in edges
            if edge.source_port in kept.get(edge.source, {})
        }
        if name == node_id and len(inputs) < len(edges):
            raise BadParameter(
                "node", f"The input of {node_id!r} is not available yet. Run the whole flow first."
            )
        if edges and not inputs:
            kept.pop(name, None)
            on_node(name, "skipped", 0.0, {})
            continue
        on_node(name, "running", 0.0, {})
        try:
            node_run = run_node(node, inputs, parts, conversation=conversation, stopped=stopped, seed=seed)
        except LorewrightError:
            on_node(name, "failed", 0.0, {})
            raise
        kept[name] = dict(node_run.outputs)
        on_node(name, "done", node_run.time_ms, node_run.outputs)
    return kept


def _from(flow: Flow, node_id: str) -> Sequence[str]:
    """Return a node and all behind it, each after what it needs."""
    if all(node.id != node_id for node in flow.nodes):
        raise BadParameter("node", f"{flow.name!r} has no node {node_id!r}.")
    behind, has_grown = {node_id}, True
    while has_grown:
        has_grown = False
        for edge in flow.edges:
            if edge.source in behind and edge.target not in behind:
                behind.add(edge.target)
                has_grown = True
    ordered: list[str] = []
    while len(ordered) < len(behind):
        ordered += [
            node.id
            for node in flow.nodes
            if node.id in behind
            and node.id not in ordered
            and all(
                edge.source in ordered
                for edge in flow.edges
                if edge.target == node.id and edge.source in behind
            )
        ][:1]
    return ordered
