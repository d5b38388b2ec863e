"""Kinds of nodes: their ports, their parameters, and what they do.

A kind is a frozen dataclass whose fields are the parameters of its nodes: typed, with defaults,
checked when a node is built. The editor edits exactly these values.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from lorewright.flows.parts import Parts
from lorewright.messages import Conversation
from lorewright.models import Stopped
from lorewright.registry import Registry

PortType = Literal["conversation", "hits", "messages", "draft", "answer"]


@dataclass(frozen=True, slots=True)
class Port:
    """Where a value enters a node; a port that is not required may stay unconnected."""

    type: PortType
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Running:
    """What a node may use while its flow runs.

    `made_by` is where nodes note what they used, under the names of `Provenance`'s fields.
    """

    conversation: Conversation
    parts: Parts
    on_text: Callable[[str], None]
    stopped: Stopped
    seed: int
    made_by: dict[str, str]


Take = Callable[[str], Any]
"""Called as `take(port)`: returns what enters there, or `None` at an unconnected optional port.

Taking runs the nodes behind the port, once: what no node takes is never computed.
"""


class Kind(Protocol):
    """One kind of node; an instance holds the parameters of one node."""

    inputs: ClassVar[Mapping[str, Port]]
    outputs: ClassVar[Mapping[str, PortType]]

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return one value per output port."""


def parameter(default: Any, says: str, *, low: float | None = None, high: float | None = None) -> Any:
    """Return a dataclass field: a node's parameter with its default, meaning and bounds."""
    return dataclasses.field(default=default, metadata={"says": says, "low": low, "high": high})


KINDS: Registry[type[Kind]] = Registry(
    "node kind",
    {
        "question": "lorewright.flows.nodes.question:AskedQuestion",
        "retrieve": "lorewright.flows.nodes.retrieve:Retrieve",
        "prompt": "lorewright.flows.nodes.prompt:Prompt",
        "generate": "lorewright.flows.nodes.generate:Generate",
        "ground": "lorewright.flows.nodes.ground:Ground",
        "answer": "lorewright.flows.nodes.answer:GivenAnswer",
    },
)
