"""One node of a flow, run by itself on values that are handed to it."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.documents import Chunk
from lorewright.errors import InvalidExamples, InvalidFlow
from lorewright.flows.answer import Draft
from lorewright.flows.calls import check_called
from lorewright.flows.flow import Node
from lorewright.flows.kinds import PortType, Running
from lorewright.flows.parameters import build, kind_of
from lorewright.flows.parts import Parts
from lorewright.flows.runner import call_nothing, calling, ignore_text
from lorewright.flows.trace import to_trace
from lorewright.knowledge import Citation, Hit
from lorewright.messages import Conversation, conversation_from_json
from lorewright.models import Stopped, never

_WANTED: Mapping[PortType, str] = {
    "conversation": 'a list of {"role": …, "content": …}',
    "messages": 'a list of {"role": …, "content": …}',
    "hits": 'a list of {"text": …}, as a retrieve node returns',
    "draft": 'an object with a "text", as a generate node returns',
    "answer": "nothing: no node accepts an answer",
}


@dataclass(frozen=True, slots=True)
class NodeRun:
    """What one node put out and noted, as JSON by port, how long it took, and what made it."""

    outputs: Mapping[str, Any]
    time_ms: float
    made_by: Mapping[str, str]


def run_node(
    node: Node,
    inputs: Mapping[str, Any],
    parts: Parts,
    *,
    conversation: Conversation = (),
    stopped: Stopped = never,
    seed: int = 0,
) -> NodeRun:
    """Return what a node makes of values given by input port, in the JSON that a trace shows.

    `conversation` is what the node would have been asked in, where no port says it. Raises
    `InvalidFlow` for a port that is missing, unknown, or given what it cannot take.
    """
    ports = kind_of(node).inputs
    for name in inputs:
        if name not in ports:
            raise InvalidFlow(
                f"Node {node.id!r} ({node.kind}) has no input port {name!r}.",
                hint=f"It has: {', '.join(ports) or 'none'}.",
            )
    check_called(node, parts.flow)
    built = build(node)
    needed: Collection[str] = getattr(built, "needed", ())  # by these parameters
    either = [name for name, port in ports.items() if port.may_miss]
    for name, port in ports.items():
        is_needed = port.is_required if not port.may_miss else not any(one in inputs for one in either)
        if (is_needed or name in needed) and name not in inputs:
            raise InvalidFlow(
                f"No value for {node.id}.{name} ({port.type}).", hint=f"Provide {_WANTED[port.type]}."
            )
    given = {name: _read(ports[name].type, value, f"{node.id}.{name}") for name, value in inputs.items()}
    turns: Conversation = given.get("conversation", conversation)
    running = calling(Running(turns, parts, ignore_text, stopped, seed, {}, call_nothing))
    started = time.perf_counter()
    outputs = built.run(given.get, running)
    time_ms = (time.perf_counter() - started) * 1000
    trace = {port: to_trace(value) for port, value in outputs.items()} | running.notes
    return NodeRun(trace, time_ms, running.made_by)


def _read(kind: PortType, value: Any, where: str) -> Any:
    """Return a port's value from the JSON that `to_trace` makes of it."""
    try:
        if kind in ("conversation", "messages"):
            return conversation_from_json(value)
        if kind == "hits":
            return _hits(value)
        if kind == "draft":
            return _draft(value)
    except (InvalidExamples, AttributeError, KeyError, TypeError):
        pass  # told below, in the words of the port
    raise InvalidFlow(f"{where} ({kind}) is {str(value)[:100]}.", hint=f"Provide {_WANTED[kind]}.")


def _draft(value: Mapping[str, Any]) -> Draft:
    """Return a draft with its citations; the hits behind it are not told by their ids alone."""
    citations = [
        Citation(**one | {"heading_path": tuple(one["heading_path"])}) for one in value.get("citations", ())
    ]
    return Draft(text=value["text"], citations=tuple(citations), refused=bool(value.get("refused", False)))


def _hits(values: Sequence[Mapping[str, Any]]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            Chunk(
                id=str(value.get("chunk_id", f"given-{rank}")),
                document_id=str(value.get("document_id", "given")),
                title=str(value.get("title", "")),
                start=0,
                end=len(value["text"]),
                text=value["text"],
            ),
            score=float(value.get("score", 1.0)),
            rank=rank,
            cosine=value.get("cosine"),
            bm25=value.get("bm25"),
        )
        for rank, value in enumerate(values, start=1)
    )
