"""The way from a question to an answer, as a value: typed nodes and edges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a flow: an id of its own, a registered kind, and the kind's parameters."""

    id: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """What leaves one node's port and enters another's; both ports carry the same type."""

    source: str
    source_port: str
    target: str
    target_port: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The way from a conversation to an answer; `name` is the arm's name in a comparison."""

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
