"""Logins that may be tried: guessing is slowed down for every account and every address."""

import threading
import time

from lorewright.access.moving_windows import MemoryWindows, RateLimit, Windows
from lorewright.errors import LimitReached

N_AN_ACCOUNT = 10
N_AN_ADDRESS = 30
MINUTES = 5


class Attempts:
    """The logins that were tried lately, as the `windows` count them; else in the memory of this process."""

    def __init__(self, windows: Windows | None = None) -> None:
        self._windows = windows or MemoryWindows()
        self._limits = (
            ("account", RateLimit(N_AN_ACCOUNT, MINUTES)),
            ("address", RateLimit(N_AN_ADDRESS, MINUTES)),
        )
        self._lock = threading.Lock()

    def begin(self, account: str, address: str) -> None:
        """Count an attempt before it is made; raise `LimitReached` when there were too many."""
        # Before, not after: guesses that are made at once must not all slip through.
        names = {"account": account.strip().casefold(), "address": address}
        with self._lock:
            for kind, limit in self._limits:
                if not self._windows.test(limit, kind, names[kind]):
                    opens_at = self._windows.state(limit, kind, names[kind]).reset_time
                    wait = max(1.0, opens_at - time.time())
                    raise LimitReached(
                        f"Too many login attempts for this {kind}.",
                        hint=f"Try again in {wait:.0f} seconds.",
                        retry_after_seconds=wait,
                    )
            for kind, limit in self._limits:
                self._windows.hit(limit, kind, names[kind])

    def succeeded(self, account: str) -> None:
        """Forget the attempts for an account: its user has come in."""
        with self._lock:
            self._windows.clear(self._limits[0][1], "account", account.strip().casefold())
