"""Whether a flow can run, and if not, why."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import product

from lorewright.errors import InvalidFlow
from lorewright.flows.branches import Branches
from lorewright.flows.flow import Edge, Flow
from lorewright.flows.kinds import Kind
from lorewright.flows.parameters import build, kind_of

MAX_CHOOSING = 8
MAX_TOLD = 12


def check(flow: Flow) -> None:
    """Raise `InvalidFlow` with the first thing that keeps the flow from running."""
    for problem in _problems(flow):
        raise problem


def problems(flow: Flow) -> list[InvalidFlow]:
    """Return everything that keeps the flow from running, each with its hint; empty if it can run."""
    return list(_problems(flow))


def _problems(flow: Flow) -> Iterator[InvalidFlow]:
    twice = [node_id for node_id, n in Counter(node.id for node in flow.nodes).items() if n > 1]
    for node_id in twice:
        yield InvalidFlow(f"Two nodes have the id {node_id!r}.", hint="Give each node a unique id.")
    kinds: dict[str, type[Kind]] = {}
    built: dict[str, Kind] = {}
    for node in flow.nodes:
        try:
            kinds[node.id] = kind_of(node)
            built[node.id] = build(node)
        except InvalidFlow as problem:
            yield problem
    for kind in ("question", "answer"):
        n_found = sum(node.kind == kind for node in flow.nodes)
        if n_found != 1:
            yield InvalidFlow(
                f"Flow {flow.name!r} has {n_found} nodes of kind {kind!r}.", hint="It needs exactly one."
            )
    if len(kinds) < len(flow.nodes):
        return  # the ports of an unknown kind are unknown: edges cannot be judged
    problems = [*_wrong_edges(flow, kinds), *_wrong_ports(flow, kinds, built), *_cycle(flow)]
    yield from problems or _undelivered(flow, kinds)


def _wrong_edges(flow: Flow, kinds: Mapping[str, type[Kind]]) -> Iterator[InvalidFlow]:
    """Yield edges that name what does not exist, or join two types."""
    for edge in flow.edges:
        missing = next((end for end in (edge.source, edge.target) if end not in kinds), None)
        if missing is not None:
            yield InvalidFlow(
                f"Edge {_drawn(edge)} names node {missing!r}, which does not exist.",
                hint=f"Available: {', '.join(kinds)}.",
            )
            continue
        outputs, inputs = kinds[edge.source].outputs, kinds[edge.target].inputs
        if edge.source_port not in outputs:
            yield _no_port(edge, edge.source, edge.source_port, "output", list(outputs))
        elif edge.target_port not in inputs:
            yield _no_port(edge, edge.target, edge.target_port, "input", list(inputs))
        elif outputs[edge.source_port] != inputs[edge.target_port].type:
            yield InvalidFlow(
                f"Edge connects {edge.source}.{edge.source_port} ({outputs[edge.source_port]}) to "
                f"{edge.target}.{edge.target_port} ({inputs[edge.target_port].type}).",
                hint="Both ends of an edge must have the same type.",
            )


def _wrong_ports(
    flow: Flow, kinds: Mapping[str, type[Kind]], built: Mapping[str, Kind]
) -> Iterator[InvalidFlow]:
    """Yield input ports with too many edges, and required ones with none."""
    n_edges = Counter((edge.target, edge.target_port) for edge in flow.edges)
    for (node_id, port), n_into in n_edges.items():
        if n_into > 1:
            yield InvalidFlow(
                f"{n_into} edges end in {node_id}.{port}.",
                hint="An input port accepts one edge: remove the others.",
            )
    for node_id, kind in kinds.items():
        needed: Collection[str] = getattr(built.get(node_id), "needed", ())  # by these parameters
        for port, about in kind.inputs.items():
            if (about.is_required or port in needed) and not n_edges[node_id, port]:
                yield InvalidFlow(
                    f"Nothing is connected to {node_id}.{port} ({about.type}).",
                    hint=f"Connect an output of type {about.type} to it.",
                )


def _cycle(flow: Flow) -> Iterator[InvalidFlow]:
    before: dict[str, list[str]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        before.setdefault(edge.target, []).append(edge.source)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        path = error.args[1]
        if len(path) > MAX_TOLD:
            path = [*path[: MAX_TOLD // 2], "…", *path[-MAX_TOLD // 2 :]]
        yield InvalidFlow(f"The nodes form a cycle: {' → '.join(path)}.", hint="Remove one of these edges.")


def _undelivered(flow: Flow, kinds: Mapping[str, type[Kind]]) -> Iterator[InvalidFlow]:
    """Yield the first choice of branches with which nothing reaches the answer."""
    choosing = {node_id: list(kind.outputs) for node_id, kind in kinds.items() if kind.about.is_choosing}
    if len(choosing) > MAX_CHOOSING:
        yield InvalidFlow(
            f"{len(choosing)} nodes choose a branch: {', '.join(choosing)}.",
            hint=f"At most {MAX_CHOOSING} can be checked: move some of them into a subflow.",
        )
        return
    answer = next((node.id for node in flow.nodes if node.kind == "answer"), "")
    for ports in product(*choosing.values()) if answer else ():
        taken = dict(zip(choosing, ports, strict=True))
        if not Branches(flow, kinds, partial(_port_taken, taken)).runs(answer):
            case = " and ".join(f"{node_id} takes {port!r}" for node_id, port in taken.items())
            yield InvalidFlow(
                f"If {case}, nothing reaches the answer.",
                hint="Connect every branch to the answer: a merge node joins two.",
            )
            return


def _port_taken(taken: Mapping[str, str], node_id: str) -> Collection[str]:
    return {taken[node_id]}


def _drawn(edge: Edge) -> str:
    return f"{edge.source}.{edge.source_port} → {edge.target}.{edge.target_port}"


def _no_port(edge: Edge, node_id: str, port: str, side: str, existing: list[str]) -> InvalidFlow:
    return InvalidFlow(
        f"Edge {_drawn(edge)}: node {node_id!r} has no {side} port {port!r}.",
        hint=f"It has: {', '.join(existing)}." if existing else f"It has no {side} ports.",
    )
