"""Whose turn it is: work that shares a model waits in a fair line."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from lorewright.errors import Cancelled, Overloaded
from lorewright.models.engine import Stopped, never

_LOOK_EVERY_SECONDS = 0.1


class FairQueue:
    """A line in which callers take turns: who sends many requests does not hold up who sends one."""

    def __init__(self, n_slots: int, *, max_waiting: int = 256) -> None:
        self._n_free = n_slots
        self._n_slots = n_slots
        self._max_waiting = max_waiting
        self._lines: dict[str, deque[object]] = {}  # in the order in which callers are next
        self._admitted: set[object] = set()
        self._changed = threading.Condition()
        self._mean_seconds = 1.0

    @property
    def n_waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    @contextmanager
    def turn(self, who: str, *, stopped: Stopped = never) -> Iterator[None]:
        """Wait for a turn and hold it; raise `Overloaded` when too many wait, `Cancelled` when stopped."""
        ticket = object()
        with self._changed:
            if self.n_waiting >= self._max_waiting:
                wait = self._mean_seconds * self.n_waiting / self._n_slots
                raise Overloaded(
                    f"{self.n_waiting} requests are already waiting for this model.",
                    hint="Try again later.",
                    retry_after_seconds=max(1.0, wait),
                )
            self._lines.setdefault(who, deque()).append(ticket)
            self._admit()
            while ticket not in self._admitted:
                if stopped():
                    self._leave(who, ticket)
                    raise Cancelled("The caller disconnected while waiting.")
                self._changed.wait(_LOOK_EVERY_SECONDS)
            self._admitted.remove(ticket)
        begun = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._mean_seconds += 0.1 * (time.monotonic() - begun - self._mean_seconds)
                self._n_free += 1
                self._admit()

    def _admit(self) -> None:
        """Give free slots to the first of the callers who are next."""
        while self._n_free and self._lines:
            who = next(iter(self._lines))
            line = self._lines.pop(who)
            self._admitted.add(line.popleft())
            if line:
                self._lines[who] = line  # behind everybody else
            self._n_free -= 1
        self._changed.notify_all()

    def _leave(self, who: str, ticket: object) -> None:
        line = self._lines[who]
        line.remove(ticket)
        if not line:
            del self._lines[who]
