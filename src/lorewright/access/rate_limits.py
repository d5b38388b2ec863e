"""Requests and tokens in the last minute, counted against the limits of keys and users."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from lorewright.access.caller import Caller
from lorewright.access.limits import Limits
from lorewright.access.moving_windows import MemoryWindows, RateLimit, Windows
from lorewright.errors import LimitReached


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of a limit is left, and in how many seconds there is more of it again."""

    limit: int
    remaining: int
    reset_seconds: float


class RateLimiter:
    """Who has used how much lately, as the `windows` count it; else in the memory of this process."""

    def __init__(self, windows: Windows | None = None) -> None:
        self._windows = windows or MemoryWindows()
        self._lock = threading.Lock()

    def enter(self, key: Caller) -> None:
        """Count a request; raise `LimitReached` where there were too many requests or tokens."""
        with self._lock:
            counted = []
            for who, limits in limited(key):
                for what, most in _per_minute(limits):
                    limit = RateLimit(most)
                    if not self._windows.test(limit, what, who):
                        raise self._full(limit, what, who)
                    if what == "requests":
                        counted.append((limit, who))
            for limit, who in counted:
                if not self._windows.hit(limit, "requests", who):  # another server let one in meanwhile
                    raise self._full(limit, "requests", who)

    def spend(self, key: Caller, n_tokens: int) -> None:
        """Count tokens that were taken, also beyond the limit: who has taken too many waits."""
        with self._lock:
            for who, limits in limited(key):
                if limits.tokens_per_minute:
                    limit = RateLimit(limits.tokens_per_minute)
                    left = self._windows.state(limit, "tokens", who).remaining
                    self._windows.hit(limit, "tokens", who, cost=min(n_tokens, left))

    def left(self, key: Caller, what: str) -> Allowance | None:
        """Return what is left of `requests` or `tokens`, of the narrowest limit; `None` without one."""
        with self._lock:
            allowances = [
                self._left(RateLimit(most), what, who)
                for who, limits in limited(key)
                for name, most in _per_minute(limits)
                if name == what
            ]
        return min(allowances, key=lambda allowance: allowance.remaining, default=None)

    def _left(self, limit: RateLimit, what: str, who: str) -> Allowance:
        stats = self._windows.state(limit, what, who)
        remaining = max(0, stats.remaining)
        wait = max(0.0, stats.reset_time - time.time()) if remaining < limit.amount else 0.0
        return Allowance(limit.amount, remaining, wait)

    def _full(self, limit: RateLimit, what: str, who: str) -> LimitReached:
        wait = max(1.0, self._left(limit, what, who).reset_seconds)
        return LimitReached(
            f"The limit of {limit.amount} {what} per minute has been reached.",
            hint=f"Try again in {wait:.0f} seconds, or ask an administrator for a higher limit.",
            retry_after_seconds=wait,
        )


def limited(key: Caller) -> Iterator[tuple[str, Limits]]:
    """Yield the ids whose limits hold for a caller, with them: the key's and its user's."""
    if key.limits.is_any:
        yield key.id, key.limits
    if key.user and key.user_limits.is_any:
        yield key.user, key.user_limits


def _per_minute(limits: Limits) -> Iterator[tuple[str, int]]:
    if limits.requests_per_minute:
        yield "requests", limits.requests_per_minute
    if limits.tokens_per_minute:
        yield "tokens", limits.tokens_per_minute
