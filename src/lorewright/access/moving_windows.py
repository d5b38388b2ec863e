"""What was used in the last minutes: counted in the memory of one process, or in the database of several."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lorewright.storage import Database, Records

KIND = "used_lately"
_MANY = 10_000
Clock = Callable[[], float]
Hits = list[list[float]]
"""When something was used, and how much of it, the oldest first."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `amount` within any `minutes`."""

    amount: int
    minutes: int = 1

    @property
    def seconds(self) -> float:
        """How long the window is."""
        return 60.0 * self.minutes


@dataclass(frozen=True, slots=True)
class WindowState:
    """When there is more again (Unix seconds), and how much is left now."""

    reset_time: float
    remaining: int


class Windows(Protocol):
    """Counts what is used, by name, over a window that moves with the time."""

    def test(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""

    def hit(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""

    def state(self, limit: RateLimit, *names: str) -> WindowState:
        """Return when there is more again (Unix seconds), and how much is left now."""

    def clear(self, limit: RateLimit, *names: str) -> None:
        """Forget what was counted."""


class MemoryWindows:
    """Counts of this process alone, forgotten when it ends; a changed clock of the machine means nothing."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._hits: dict[str, Hits] = {}
        self._over: dict[str, float] = {}

    @property
    def n_names(self) -> int:
        """How many names are remembered."""
        return len(self._hits)

    def test(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""
        return self.state(limit, *names).remaining >= cost

    def hit(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""
        now = self._clock()
        hits = self._recent(limit, names, now)
        if _used(hits) + cost > limit.amount:
            return False
        name = _id(limit, names)
        self._hits[name] = [*hits, [now, cost]]
        self._over[name] = now + limit.seconds
        if len(self._hits) > _MANY:
            self._forget_what_is_over(now)
        return True

    def state(self, limit: RateLimit, *names: str) -> WindowState:
        """Return when there is more again (Unix seconds), and how much is left now."""
        now = self._clock()
        return _state(limit, self._recent(limit, names, now), now)

    def clear(self, limit: RateLimit, *names: str) -> None:
        """Forget what was counted."""
        self._hits.pop(_id(limit, names), None)

    def _recent(self, limit: RateLimit, names: tuple[str, ...], now: float) -> Hits:
        return _recent(self._hits.get(_id(limit, names), []), limit, now)

    def _forget_what_is_over(self, now: float) -> None:
        """Let go of names that nobody uses any more: there is one for every address that tried to log in."""
        self._over = {name: until for name, until in self._over.items() if until > now}
        self._hits = {name: self._hits[name] for name in self._over if name in self._hits}


class SharedWindows:
    """Counts in the database: several processes that answer for one server keep one count."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._records = Records(database, KIND)
        self._clock = clock or database.clock

    def test(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""
        return self.state(limit, *names).remaining >= cost

    def hit(self, limit: RateLimit, *names: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""
        is_within = False

        def counted(body: Mapping[str, Any]) -> dict[str, Any]:
            nonlocal is_within
            now = self._clock()
            hits = _recent(body.get("hits", []), limit, now)
            is_within = _used(hits) + cost <= limit.amount
            return {"hits": [*hits, [now, cost]] if is_within else hits}

        self._records.put(_id(limit, names), counted)
        return is_within

    def state(self, limit: RateLimit, *names: str) -> WindowState:
        """Return when there is more again (Unix seconds), and how much is left now."""
        record, now = self._records.find(_id(limit, names)), self._clock()
        return _state(limit, _recent(record.body["hits"] if record else [], limit, now), now)

    def clear(self, limit: RateLimit, *names: str) -> None:
        """Forget what was counted."""
        self._records.put(_id(limit, names), lambda _: {"hits": []})


def _recent(hits: Hits, limit: RateLimit, now: float) -> Hits:
    """Return the hits within the window; one of the future is older than a clock that was put back."""
    return [hit for hit in hits if now - limit.seconds < hit[0] <= now]


def _used(hits: Hits) -> int:
    return int(sum(amount for _, amount in hits))


def _state(limit: RateLimit, hits: Hits, now: float) -> WindowState:
    wait = hits[0][0] + limit.seconds - now if hits else 0.0
    return WindowState(time.time() + wait, max(0, limit.amount - _used(hits)))


def _id(limit: RateLimit, names: tuple[str, ...]) -> str:
    return f"{KIND}/{'/'.join(names)}/{limit.amount}/{limit.minutes}"
