"""What is asked of the models of a pool, as whoever keeps the books hears of it."""

from dataclasses import dataclass, field
from typing import Protocol

from lorewright.models.engine import Usage
from lorewright.models.engine_key import EngineKey


@dataclass(slots=True)
class Call:
    """One request to a model: for whom, of which engine, the tokens it took and how long.

    Tokens of a call that was cut short are counted by its pieces.
    """

    who: str
    engine: EngineKey
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0


class Meter(Protocol):
    """Decides who may ask, and hears of every call."""

    def admit(self, who: str) -> None:
        """Raise `LimitReached` unless `who` may ask a model now."""

    def note(self, call: Call) -> None:
        """Take note of a call that is over, however it ended."""


class Unmetered:
    """Lets everybody ask, and notes nothing."""

    def admit(self, who: str) -> None:
        """Let everybody ask."""

    def note(self, call: Call) -> None:
        """Forget it."""
