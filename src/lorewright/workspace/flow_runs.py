"""Trying flows out: a whole one, or one node of it, with what every node put out."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Key
from lorewright.errors import NotFound, UnknownName
from lorewright.evaluation import to_json
from lorewright.flows import Answer, Flow, Node, OnNode, unwatched
from lorewright.flows.single import run_node
from lorewright.messages import Conversation
from lorewright.models import Stopped, never
from lorewright.workspace.answered import annotations, provenance, usage_of
from lorewright.workspace.find_flow import find_arm
from lorewright.workspace.home import Home
from lorewright.workspace.own_flows import find_own
from lorewright.workspace.served import ServedParts
from lorewright.workspace.tracing import run


def flow_for(home: Home, caller: Key, given: Flow | str) -> Flow:
    """Return the flow to try out; raise `NotFound` for a name that is not there or not for this key.

    A flow may ask any model of the domain: but for the arms that a key may use, it takes a key
    that may use them all.
    """
    caller.need("chat")
    name = given if isinstance(given, str) else ""
    unknown = NotFound(f"The flow {name!r} does not exist or you do not have access to it.")
    if not (caller.may_use_model("*") or (name and caller.may_use_model(f"{home.name}/{name}"))):
        raise unknown
    if isinstance(given, Flow):
        return given
    try:
        return find_own(home.workspace, given) or find_arm(home.workspace, given)
    except UnknownName as error:
        raise unknown from error


def try_flow(
    home: Home,
    caller: Key,
    flow: Flow,
    conversation: Conversation,
    *,
    seed: int = 0,
    stopped: Stopped = never,
    on_node: OnNode = unwatched,
) -> dict[str, Any]:
    """Return a flow's answer with every node's output and time, in the order of the flow, as JSON.

    `on_node` hears of every node while it waits, runs, and is done, from the thread that runs it.
    """
    parts = ServedParts(home, who=caller.id)
    answer = run(flow, conversation, parts, seed=seed, stopped=stopped, on_node=on_node)
    return {"object": "flow.run", "flow": flow.name, "answer": _answer(answer), "nodes": _nodes(flow, answer)}


def try_node(
    home: Home,
    caller: Key,
    node: Node,
    inputs: Mapping[str, Any],
    *,
    seed: int = 0,
    stopped: Stopped = never,
) -> dict[str, Any]:
    """Return what one node makes of given inputs, and how long it took, as JSON."""
    made = run_node(node, inputs, ServedParts(home, who=caller.id), seed=seed, stopped=stopped)
    return {"object": "flow.node_run", "id": node.id, "kind": node.kind, **to_json(made)}


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
            "outputs": answer.trace[node.id],
        }
        for node in flow.nodes
    ]
