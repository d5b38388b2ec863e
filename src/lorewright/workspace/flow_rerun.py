"""Running a flow again from one node on: what stands before it is taken from the last run."""

from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.access import Key
from lorewright.errors import BadParameter, LorewrightError
from lorewright.flows import Flow, OnNode, check, unwatched
from lorewright.flows.single import run_node
from lorewright.messages import Conversation
from lorewright.models import Stopped, never
from lorewright.workspace.home import Home
from lorewright.workspace.served import ServedParts

Outputs = Mapping[str, Mapping[str, Any]]


def run_from(
    home: Home,
    caller: Key,
    flow: Flow,
    node_id: str,
    outputs: Outputs,
    conversation: Conversation,
    *,
    seed: int = 0,
    stopped: Stopped = never,
    on_node: OnNode = unwatched,
) -> dict[str, dict[str, Any]]:
    """Return what every node puts out when the flow runs again from `node_id` on, by node and port.

    `outputs` are those of the last run, as its trace has them. A node behind a branch that was not
    taken has none. Raises `BadParameter` where the node's inputs were never put out.
    """
    caller.need("chat")
    check(flow)
    kept = {name: dict(ports) for name, ports in outputs.items()}
    parts = ServedParts(home, who=caller.id)
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
                "node", f"What enters {node_id!r} was not put out yet: run the whole flow once first."
            )
        if edges and not inputs:
            kept.pop(name, None)
            on_node(name, "skipped", 0.0, {})
            continue
        on_node(name, "running", 0.0, {})
        try:
            made = run_node(node, inputs, parts, conversation=conversation, stopped=stopped, seed=seed)
        except LorewrightError:
            on_node(name, "failed", 0.0, {})
            raise
        kept[name] = dict(made.outputs)
        on_node(name, "done", made.time_ms, made.outputs)
    return kept


def _from(flow: Flow, node_id: str) -> Sequence[str]:
    """Return a node and all behind it, each after what it needs."""
    if all(node.id != node_id for node in flow.nodes):
        raise BadParameter("node", f"There is no node {node_id!r} in {flow.name!r}.")
    behind, found = {node_id}, True
    while found:
        found = False
        for edge in flow.edges:
            if edge.source in behind and edge.target not in behind:
                behind.add(edge.target)
                found = True
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
