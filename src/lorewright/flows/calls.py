"""Flows that run other flows: resolved by name, checked, and drawn as one."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lorewright.errors import InvalidFlow, UnknownName
from lorewright.flows.check import check
from lorewright.flows.flow import Edge, Flow, Node
from lorewright.flows.parameters import build

CALLING = "subflow"
MAX_DEPTH = 5

Find = Callable[[str], Flow]


def called_by(flow: Flow) -> list[str]:
    """Return the names of the flows that a flow calls itself, each once."""
    calls = (_name(node) for node in flow.nodes if node.kind == CALLING)
    return list(dict.fromkeys(calls))


def check_calls(flow: Flow, find: Find) -> None:
    """Raise `InvalidFlow` where a flow cannot run, or calls one that cannot, is not there, or calls it back.

    `find` returns a flow by its name or raises `UnknownName`.
    """
    inlined(flow, find)


def check_called(node: Node, find: Find) -> None:
    """Raise `InvalidFlow` where one node calls a flow that is missing or cannot run."""
    if node.kind == CALLING:
        name = _name(node)
        check_calls(_called_flow(node, find, name, ("", name)), find)


def inlined(flow: Flow, find: Find) -> Flow:
    """Return the flow with the nodes of those it calls in place of the calls, itself checked.

    A node `retrieve` of the flow behind a node `desk` becomes `desk/retrieve`. What is returned
    says all that it does: a flow that it called may change without it.
    """
    check(flow)
    whole = _inlined(flow, find, (flow.name,))
    if whole is not flow:
        check(whole)
    return whole


def _inlined(flow: Flow, find: Find, path: Sequence[str]) -> Flow:
    for node in flow.nodes:
        if node.kind == CALLING:
            name = _name(node)
            called = _called_flow(node, find, name, (*path, name))
            flow = _put_in(flow, node, _inlined(called, find, (*path, name)))
    return flow


def _name(node: Node) -> str:
    """Return the name of the flow that a node calls, which may be the kind's default."""
    return str(getattr(build(node), "flow", ""))


def _called_flow(node: Node, find: Find, name: str, path: Sequence[str]) -> Flow:
    """Return the flow that a node calls, if it can be run."""
    if name in path[:-1]:
        raise InvalidFlow(
            f"The flows call each other in a cycle: {' → '.join(path)}.",
            hint="Make one of them call a different flow.",
        )
    if len(path) > MAX_DEPTH:
        raise InvalidFlow(
            f"Flows call each other {len(path)} deep: {' → '.join(path)}.", hint=f"The limit is {MAX_DEPTH}."
        )
    try:
        called = find(name)
        check(called)
    except UnknownName as error:
        raise InvalidFlow(
            f"Node {node.id!r} calls a flow that does not exist: {error}", hint=error.hint
        ) from error
    except InvalidFlow as error:
        raise InvalidFlow(
            f"Node {node.id!r} calls the flow {name!r}, which cannot run: {error}", hint=error.hint
        ) from error
    return called


def _put_in(flow: Flow, node: Node, called: Flow) -> Flow:
    """Return the flow with the nodes of another in the place of one node."""
    question, answer = (_only(called, kind) for kind in ("question", "answer"))
    incoming = next(edge for edge in flow.edges if edge.target == node.id)
    outgoing = next(edge for edge in called.edges if edge.target == answer)
    inner = [
        replace(
            edge, target=f"{node.id}/{edge.target}", source=incoming.source, source_port=incoming.source_port
        )
        if edge.source == question
        else Edge(f"{node.id}/{edge.source}", edge.source_port, f"{node.id}/{edge.target}", edge.target_port)
        for edge in called.edges
        if edge is not outgoing
    ]
    outer = [
        replace(edge, source=f"{node.id}/{outgoing.source}", source_port=outgoing.source_port)
        if edge.source == node.id
        else edge
        for edge in flow.edges
        if edge is not incoming
    ]
    nodes: list[Node] = []
    for one in flow.nodes:
        if one.id == node.id:
            kept = (other for other in called.nodes if other.id not in (question, answer))
            nodes += [replace(other, id=f"{node.id}/{other.id}") for other in kept]
        else:
            nodes.append(one)
    return replace(flow, nodes=tuple(nodes), edges=(*outer, *inner))


def _only(flow: Flow, kind: str) -> str:
    return next(node.id for node in flow.nodes if node.kind == kind)
