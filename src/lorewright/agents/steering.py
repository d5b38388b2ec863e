"""What people and limits do to a run while it goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class Halt(Exception):
    """The run ends here, with what was found; `reason` says why, `limit` names one that was reached."""

    def __init__(self, reason: str, *, limit: str = "", can_answer: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit
        self.can_answer = can_answer


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a call."""

    approved: bool
    reason: str = ""


def never_decided(_call_id: str) -> Decision | None:
    """Leave every call undecided."""
    return None


def free(_seconds: float, _usage: Any) -> float:
    """Cost nothing."""
    return 0.0


Price = Callable[[float, Any], float]
"""What an answer cost that took so many seconds and tokens, in US dollars."""
OnEntry = Callable[[Mapping[str, Any]], None]
"""Hears of every entry of the journal once it is written down."""


def unheard(_entry: Mapping[str, Any]) -> None:
    """Listen to nothing."""


LIMITS = {
    "steps": "It reached its limit of steps.",
    "tokens": "It reached its limit of tokens.",
    "usd": "It reached its limit of money.",
    "seconds": "It reached its limit of time.",
}
"""What is told of each limit."""
