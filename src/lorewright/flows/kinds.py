"""Kinds of nodes: their ports, their parameters, and what they do.

A kind is a frozen dataclass whose fields are the parameters of its nodes: typed, with defaults,
checked when a node is built. The editor edits exactly these values.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from lorewright.flows.answer import Draft
from lorewright.flows.draft_stream import DraftStream
from lorewright.flows.options import AnswerOptions
from lorewright.flows.parts import Parts
from lorewright.messages import Conversation
from lorewright.models import Stopped, Usage
from lorewright.registry import Registry

PortType = Literal["conversation", "hits", "messages", "draft", "answer"]
Group = Literal["Input", "Retrieval", "Model", "Logic", "Output"]


@dataclass(frozen=True, slots=True)
class Port:
    """Where a value enters a node; a port that is not required may stay unconnected.

    A port that `may_miss` must be connected, but to a branch that may not be taken: its node runs
    as soon as one such port of it is delivered to.
    """

    type: PortType
    is_required: bool = True
    may_miss: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """How a kind stands in the editor's palette; `is_choosing` where only some outputs are delivered to."""

    title: str
    group: Group
    is_choosing: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """What a flow that was called ends in, and its nodes as JSON: id, kind, time and outputs of each."""

    draft: Draft
    nodes: list[dict[str, Any]]


def ignore_step(_step: Mapping[str, Any]) -> None:
    """Listen to no step."""


OnStep = Callable[[Mapping[str, Any]], None]
"""Hears of each step of an agent once it is over: tool, arguments, output or error, documents."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a node may use while its flow runs.

    `made_by` is where nodes note what they used, under the names of `Provenance`'s fields; `spent`
    is where they note tokens that are not part of a draft. `call` runs another flow by its name.
    `notes` are a node's own: JSON values that its trace shows beside its ports. `options` say how the
    answer is to be written, `stream` lets the draft out as it is written, `left_out` counts what
    found no room in the prompt. `on_step` hears of the steps that a node takes before it has its draft.
    """

    conversation: Conversation
    parts: Parts
    on_text: Callable[[str], None]
    stopped: Stopped
    seed: int
    made_by: dict[str, str]
    call: Callable[[str, Conversation], Called]
    spent: list[Usage] = field(default_factory=list)
    options: AnswerOptions = field(default_factory=AnswerOptions)
    stream: DraftStream = field(default_factory=DraftStream)
    notes: dict[str, Any] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    on_step: OnStep = ignore_step


Take = Callable[[str], Any]
"""Called as `take(port)`: returns what enters there, or `None` where nothing is delivered.

Nothing is delivered to an unconnected port, and from a branch that is not taken.

Taking runs the nodes behind the port, once: what no node takes is never computed.
"""


class Kind(Protocol):
    """One kind of node; an instance holds the parameters of one node."""

    about: ClassVar[About]
    inputs: ClassVar[Mapping[str, Port]]
    outputs: ClassVar[Mapping[str, PortType]]

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return one value per output port; a kind that chooses leaves out what it does not take."""


def parameter(default: Any, description: str, *, low: float | None = None, high: float | None = None) -> Any:
    """Return a dataclass field: a node's parameter with its default, meaning and bounds."""
    return dataclasses.field(default=default, metadata={"says": description, "low": low, "high": high})


def _is_kind(part: object) -> bool:
    names = ("about", "inputs", "outputs", "run")
    return isinstance(part, type) and dataclasses.is_dataclass(part) and all(hasattr(part, n) for n in names)


KINDS: Registry[type[Kind]] = Registry(
    "node kind",
    {
        "question": "lorewright.flows.nodes.question:AskedQuestion",
        "rewrite": "lorewright.flows.nodes.rewrite:Rewrite",
        "retrieve": "lorewright.flows.nodes.retrieve:Retrieve",
        "filter": "lorewright.flows.nodes.filter:Filtered",
        "rerank": "lorewright.flows.nodes.rerank:Rerank",
        "merge_hits": "lorewright.flows.nodes.merge_hits:MergeHits",
        "excerpt": "lorewright.flows.nodes.excerpt:Excerpt",
        "tool": "lorewright.flows.nodes.tool:ToolCall",
        "prompt": "lorewright.flows.nodes.prompt:PromptNode",
        "quote": "lorewright.flows.nodes.quote:Quoted",
        "nearest": "lorewright.flows.nodes.nearest:NearestExample",
        "classify": "lorewright.flows.nodes.classify:Classify",
        "generate": "lorewright.flows.nodes.generate:Generate",
        "agent": "lorewright.flows.nodes.agent:AgentNode",
        "subflow": "lorewright.flows.nodes.subflow:Subflow",
        "route": "lorewright.flows.nodes.route:Route",
        "merge": "lorewright.flows.nodes.merge:Merge",
        "ground": "lorewright.flows.nodes.ground:Ground",
        "label": "lorewright.flows.nodes.label:Label",
        "check": "lorewright.flows.nodes.check:Check",
        "answer": "lorewright.flows.nodes.answer:GivenAnswer",
    },
    group="node",
    accepts=_is_kind,
    form="a frozen dataclass with `about`, `inputs`, `outputs` and `run`",
)
