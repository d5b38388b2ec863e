"""One thing to learn: what is said to the model, and what it should say."""

from dataclasses import dataclass

from lorewright.messages import Conversation


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt, exactly as an arm sends it, and the completion to learn."""

    messages: Conversation
    completion: str


@dataclass(frozen=True, slots=True)
class Preference(Row):
    """A row whose completion is preferred to another one, `rejected`."""

    rejected: str


@dataclass(frozen=True, slots=True)
class RatedRow(Row):
    """A row whose completion somebody called good or bad, without another one to compare it with."""

    is_good: bool
