"""What was used in the last minutes: counted in the memory of one process, or in the database of several."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from limits import RateLimitItem
from limits.util import WindowStats

from lorewright.storage import Database, Records

KIND = "used_lately"
_MANY = 10_000
Clock = Callable[[], float]
Hits = list[list[float]]
"""When something was used, and how much of it, the oldest first."""


class Windows(Protocol):
    """Counts what is used, by name, over a window that moves with the time."""

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return when there is more again (Unix seconds), and how much is left now."""

    def clear(self, item: RateLimitItem, *identifiers: str) -> None:
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

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""
        return self.get_window_stats(item, *identifiers).remaining >= cost

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""
        now = self._clock()
        hits = self._recent(item, identifiers, now)
        if _used(hits) + cost > item.amount:
            return False
        name = _id(item, identifiers)
        self._hits[name] = [*hits, [now, cost]]
        self._over[name] = now + item.get_expiry()
        if len(self._hits) > _MANY:
            self._forget_what_is_over(now)
        return True

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return when there is more again (Unix seconds), and how much is left now."""
        now = self._clock()
        return _stats(item, self._recent(item, identifiers, now), now)

    def clear(self, item: RateLimitItem, *identifiers: str) -> None:
        """Forget what was counted."""
        self._hits.pop(_id(item, identifiers), None)

    def _recent(self, item: RateLimitItem, identifiers: tuple[str, ...], now: float) -> Hits:
        return _recent(self._hits.get(_id(item, identifiers), []), item, now)

    def _forget_what_is_over(self, now: float) -> None:
        """Let go of names that nobody uses any more: there is one for every address that tried to log in."""
        self._over = {name: until for name, until in self._over.items() if until > now}
        self._hits = {name: self._hits[name] for name in self._over if name in self._hits}


class SharedWindows:
    """Counts in the database: several processes that answer for one server keep one count."""

    def __init__(self, database: Database, clock: Clock = time.time) -> None:
        self._records = Records(database, KIND)
        self._clock = clock

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""
        return self.get_window_stats(item, *identifiers).remaining >= cost

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""
        is_within = False

        def counted(body: Mapping[str, Any]) -> dict[str, Any]:
            nonlocal is_within
            now = self._clock()
            hits = _recent(body.get("hits", []), item, now)
            is_within = _used(hits) + cost <= item.amount
            return {"hits": [*hits, [now, cost]] if is_within else hits}

        self._records.put(_id(item, identifiers), counted)
        return is_within

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return when there is more again (Unix seconds), and how much is left now."""
        found, now = self._records.find(_id(item, identifiers)), self._clock()
        return _stats(item, _recent(found.body["hits"] if found else [], item, now), now)

    def clear(self, item: RateLimitItem, *identifiers: str) -> None:
        """Forget what was counted."""
        self._records.put(_id(item, identifiers), lambda _: {"hits": []})


def _recent(hits: Hits, item: RateLimitItem, now: float) -> Hits:
    """Return the hits within the window; one of the future is older than a clock that was put back."""
    return [hit for hit in hits if now - item.get_expiry() < hit[0] <= now]


def _used(hits: Hits) -> int:
    return int(sum(amount for _, amount in hits))


def _stats(item: RateLimitItem, hits: Hits, now: float) -> WindowStats:
    wait = hits[0][0] + item.get_expiry() - now if hits else 0.0
    return WindowStats(time.time() + wait, max(0, item.amount - _used(hits)))


def _id(item: RateLimitItem, identifiers: tuple[str, ...]) -> str:
    return f"{KIND}/{item.key_for(*identifiers)}"
