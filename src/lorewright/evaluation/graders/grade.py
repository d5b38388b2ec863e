"""What a grader says of one output, and what it may use to come to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Scope = Mapping[str, Any]
"""What templates refer to: `item`, a row of the data, and `sample`, what a model made of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grade:
    """A score and whether it is a pass; `sample` is what a model said on the way to it."""

    name: str
    type: str
    score: float
    passed: bool
    sample: Mapping[str, Any] | None = None
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraderReply:
    """What a model said to a grader."""

    text: str
    sample: Mapping[str, Any]


class Ask(Protocol):
    """Asks a served model by its name."""

    def __call__(
        self, model: str, messages: Sequence[Mapping[str, str]], options: Mapping[str, Any]
    ) -> GraderReply:
        """Return what the model says; `options` are parameters of a chat completion."""


@dataclass(frozen=True, slots=True)
class Means:
    """What graders cannot do themselves: ask a model, and compare the meaning of two texts."""

    ask: Ask
    cosine: Callable[[str, str], float]
