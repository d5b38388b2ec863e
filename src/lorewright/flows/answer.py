"""What an arm says, and everything needed to believe or debug it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.knowledge import Citation, Hit
from lorewright.models import Usage


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made an answer: enough to make it again.

    Every value identifies content, not a name: a hash of the weights, of the adapter (empty
    without one), the version of the index (empty without one), a hash of the prompt, the seed.
    """

    model: str
    weights: str
    adapter: str
    index_version: str
    prompt_hash: str
    flow_hash: str
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, citations, usage and latency from an arm.

    `timings_ms` has one entry per node, `node_usage` one per node that asked a model; `trace` is what
    each node put out, as JSON; `refused` is
    true where the arm said that it cannot answer; `unsupported` are the numbers and names of the
    text that no retrieved chunk, question or instruction holds. `calls` are those of functions that
    the caller brought, in the words of a chat completion; `finish_reason` is `length` where a model
    had more to say than it was given room for, and `tool_calls` where it calls.
    `left_out` counts the turns, examples and chunks that found no room in the prompt. `nearest` is the
    place that comes closest to the question where it was refused: it may not answer, and is no citation.
    """

    arm: str
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    usage: Usage
    latency_ms: float
    timings_ms: Mapping[str, float]
    provenance: Provenance
    refused: bool = False
    unsupported: tuple[str, ...] = ()
    calls: tuple[Mapping[str, Any], ...] = ()
    finish_reason: str = "stop"
    trace: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    node_usage: Mapping[str, Usage] = field(default_factory=dict)
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A text that nodes still check and annotate; the fields mean what they mean in `Answer`."""

    text: str
    usage: Usage = field(default_factory=Usage)
    finish_reason: str = "stop"
    hits: tuple[Hit, ...] = ()
    citations: tuple[Citation, ...] = ()
    refused: bool = False
    unsupported: tuple[str, ...] = ()
    calls: tuple[Mapping[str, Any], ...] = ()
    nearest: tuple[Citation, ...] = ()
