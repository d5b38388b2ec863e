"""One piece of background work, and what it tells on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["queued", "running", "finished", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of background work.

    `order` says what to do, `result` what came of it, both as JSON values; `error` holds the
    `type`, `message` and `hint` of what stopped it. `attempt` counts from 1 once it has begun.
    `host` is where the process `pid` works at it; `is_leased` tells that it said so lately, by the
    database's clock.
    """

    id: str
    kind: str
    order: Mapping[str, Any]
    state: State
    attempt: int
    pid: int | None
    pid_started: float | None
    result: Any
    error: Mapping[str, str]
    created_at: float
    finished_at: float | None
    host: str | None = None
    is_leased: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ("finished", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Event:
    """Something a job told: `progress` with step, done and total, or a `line` with a text."""

    id: int
    kind: Literal["progress", "line"]
    body: Mapping[str, Any]
