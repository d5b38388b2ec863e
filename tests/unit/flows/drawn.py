"""Flows and runs of single nodes, written short."""

from collections.abc import Mapping
from typing import Any

from lorewright.documents import Chunk
from lorewright.flows import Edge, Flow, Node
from lorewright.flows.fakes import GivenParts
from lorewright.flows.kinds import Running
from lorewright.flows.parameters import build
from lorewright.flows.runner import calling, uncalled, unheard
from lorewright.knowledge import Hit
from lorewright.messages import Message
from lorewright.models import never


def drawn(nodes: Mapping[str, tuple[str, Mapping[str, Any]]], *edges: str, name: str = "drawn") -> Flow:
    """Return a flow with a question and an answer; an edge reads `source.port > target.port`."""
    ends = [[end.strip().split(".") for end in edge.split(">")] for edge in edges]
    return Flow(
        name,
        (
            Node("question", "question"),
            *(Node(node_id, kind, params) for node_id, (kind, params) in nodes.items()),
            Node("answer", "answer"),
        ),
        tuple(Edge(source, out, target, into) for (source, out), (target, into) in ends),
    )


def made(kind: str, params: Mapping[str, Any], parts: GivenParts, **values: Any) -> Mapping[str, Any]:
    """Return what a node puts out for the values that enter it."""
    running = calling(Running(values.get("conversation", ()), parts, unheard, never, 0, {}, uncalled))
    return build(Node("node", kind, params)).run(values.get, running)


def asking(*turns: str) -> tuple[Message, ...]:
    """Return a conversation that begins with the user; the last turn is the question."""
    return tuple(Message("assistant" if place % 2 else "user", text) for place, text in enumerate(turns))


def hit(text: str, *, score: float = 1.0, document: str = "", cosine: float | None = None) -> Hit:
    """Return a hit with a text of its own."""
    chunk = Chunk(text, document or f"{text[:8]}.md", "", 0, len(text), text)
    return Hit(chunk, score, 1, cosine=cosine)


def texts(hits: Any) -> list[str]:
    """Return the texts of hits, once their ranks are seen to count from 1."""
    assert [one.rank for one in hits] == list(range(1, len(hits) + 1))
    return [one.chunk.text for one in hits]
