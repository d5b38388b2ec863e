"""Engines that many callers share: opened on first use, closed by least use when memory is short."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lorewright.errors import Cancelled, TooLittleMemory
from lorewright.models.engine import Engine, Stopped, never
from lorewright.models.engine_key import EngineKey
from lorewright.models.fair_queue import FairQueue
from lorewright.models.metering import Meter, Unmetered

N_REMOTE_SLOTS = 32


@dataclass(slots=True)
class _Opened:
    engine: Engine
    size_bytes: int
    n_users: int = 0
    used_at: float = field(default_factory=time.monotonic)


class EnginePool:
    """Engines by key; the memory of all local ones together stays below `memory_bytes`.

    A local engine answers `n_slots` callers at once.
    """

    def __init__(
        self,
        open_one: Callable[[EngineKey], Engine],
        size_of: Callable[[EngineKey], int],
        *,
        memory_bytes: int,
        n_slots: int = 1,
        max_waiting: int = 256,
        meter: Meter | None = None,
    ) -> None:
        self.meter: Meter = meter or Unmetered()
        self._open_one = open_one
        self._size_of = size_of
        self._memory_bytes = memory_bytes
        self._n_slots = n_slots
        self._max_waiting = max_waiting
        self._opened: dict[EngineKey, _Opened] = {}
        self._turns: dict[EngineKey, FairQueue] = {}
        self._changed = threading.Condition()

    @contextmanager
    def lease(self, key: EngineKey, *, who: str = "", stopped: Stopped = never) -> Iterator[Engine]:
        """Wait for a turn at an engine and hold it.

        Raises `TooLittleMemory` when the engine alone would not fit, `Overloaded` when too many
        wait, `Cancelled` when `stopped()` while waiting, and whatever opening it raises.
        """
        with self._turns_of(key).turn(who, stopped=stopped):
            opened = self._take(key, stopped)
            try:
                yield opened.engine
            finally:
                with self._changed:
                    opened.n_users -= 1
                    opened.used_at = time.monotonic()
                    self._changed.notify_all()

    def loaded(self) -> dict[EngineKey, int]:
        """Return the bytes of every engine in memory."""
        with self._changed:
            return {key: opened.size_bytes for key, opened in self._opened.items()}

    def n_waiting(self) -> int:
        """Return how many requests wait for a turn."""
        with self._changed:
            return sum(turns.n_waiting for turns in self._turns.values())

    def close(self, *, patience_seconds: float | None = None) -> None:
        """Close every engine; those at work finish first, unless that takes longer than the patience.

        One that is left at work, such as a server that does not answer, ends with its process.
        """
        until = None if patience_seconds is None else time.monotonic() + patience_seconds
        with self._changed:
            for key in list(self._opened):
                while self._opened[key].n_users and (until is None or time.monotonic() < until):
                    self._changed.wait(None if until is None else max(0.0, until - time.monotonic()))
                if not self._opened[key].n_users:
                    self._opened.pop(key).engine.close()

    def forget(self, uri: str) -> None:
        """Close the engines of a model that nobody uses now: the next question opens it again."""
        with self._changed:
            for key in [key for key, opened in self._opened.items() if key.uri == uri and not opened.n_users]:
                self._opened.pop(key).engine.close()

    def _turns_of(self, key: EngineKey) -> FairQueue:
        with self._changed:
            n_slots = N_REMOTE_SLOTS if key.is_remote else self._n_slots
            return self._turns.setdefault(key, FairQueue(n_slots, max_waiting=self._max_waiting))

    def _take(self, key: EngineKey, stopped: Stopped) -> _Opened:
        """Return the engine with one user more, opened now where it was not."""
        with self._changed:
            if key not in self._opened:
                size = self._size_of(key)
                self._make_room(size, key, stopped)
                self._opened[key] = _Opened(self._open_one(key), size)
            opened = self._opened[key]
            opened.n_users += 1
            return opened

    def _make_room(self, size: int, key: EngineKey, stopped: Stopped) -> None:
        """Close idle engines, the longest unused first, until `size` bytes are free."""
        if size > self._memory_bytes:
            raise TooLittleMemory(
                f"{key.uri} needs about {size / 1e9:.1f} GB; the memory limit for models is "
                f"{self._memory_bytes / 1e9:.1f} GB.",
                hint="Raise serve.memory_gb, or use a smaller model.",
            )
        while sum(opened.size_bytes for opened in self._opened.values()) + size > self._memory_bytes:
            idle = [key for key, opened in self._opened.items() if not opened.n_users]
            if idle:
                oldest = min(idle, key=lambda key: self._opened[key].used_at)
                self._opened.pop(oldest).engine.close()
                continue
            if stopped():
                raise Cancelled("The caller disconnected while waiting.")
            self._changed.wait(0.1)
