"""What was used in the last minutes: counted in the memory of one process, or in the database of several."""

import time
from typing import Any, Protocol

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from limits.util import WindowStats

from lorewright.storage import Database, Records

KIND = "used_lately"


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


def windows_in_memory() -> Windows:
    """Return counts of this process alone, forgotten when it ends."""
    return MovingWindowRateLimiter(MemoryStorage())


class SharedWindows:
    """Counts in the database: several processes that answer for one server keep one count."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether `cost` more would be within the limit."""
        return self.get_window_stats(item, *identifiers).remaining >= cost

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count `cost`, if it is within the limit; return whether it is."""
        is_within = False

        def counted(body: dict[str, Any]) -> dict[str, Any]:
            nonlocal is_within
            now = time.time()
            hits = [hit for hit in body.get("hits", ()) if hit[0] > now - item.get_expiry()]
            is_within = sum(amount for _, amount in hits) + cost <= item.amount
            return {"hits": [*hits, [now, cost]] if is_within else hits}

        self._records.put(_id(item, identifiers), counted)
        return is_within

    def get_window_stats(self, item: RateLimitItem, *identifiers: str) -> WindowStats:
        """Return when there is more again (Unix seconds), and how much is left now."""
        found = self._records.find(_id(item, identifiers))
        now, seconds = time.time(), item.get_expiry()
        hits = [hit for hit in (found.body["hits"] if found else ()) if hit[0] > now - seconds]
        remaining = item.amount - sum(amount for _, amount in hits)
        return WindowStats(hits[0][0] + seconds if hits else now, max(0, remaining))

    def clear(self, item: RateLimitItem, *identifiers: str) -> None:
        """Forget what was counted."""
        self._records.put(_id(item, identifiers), lambda _: {"hits": []})


def _id(item: RateLimitItem, identifiers: tuple[str, ...]) -> str:
    return f"{KIND}/{item.key_for(*identifiers)}"
