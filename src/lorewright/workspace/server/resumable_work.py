"""Work that goes on when its caller has been answered, in this process or another, and can be followed."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lorewright.errors import Overloaded
from lorewright.models import Stopped
from lorewright.storage.held_names import HeldNames

MAX_AT_ONCE = 64
Event = dict[str, Any]


@dataclass(slots=True)
class _Work:
    """What a thread is at, and what it told so far."""

    stopped: threading.Event = field(default_factory=threading.Event)
    events: list[Event] = field(default_factory=list)
    thread: threading.Thread | None = None
    is_over: bool = False


class ResumableWork:
    """Threads by the id of what they make; when it is closed they stop and leave that as it is.

    `names` tells the other processes what this one is at.
    """

    def __init__(self, names: HeldNames) -> None:
        self.is_closed = False
        self._names = names
        self._works: dict[str, _Work] = {}
        self._changed = threading.Condition()

    def begin(self, work_id: str, work: Callable[[Stopped], Iterator[Event]]) -> None:
        """Let a thread do this, unless one of any process is at it; raise `Overloaded` with too many."""
        with self._changed:
            if work_id in self._works or self.is_closed:
                return
            if len(self._works) >= MAX_AT_ONCE:
                raise Overloaded(
                    f"{MAX_AT_ONCE} responses are being generated in the background.", hint="Try again later."
                )
            if not self._names.take(work_id):
                return
            one = self._works[work_id] = _Work()
            one.thread = threading.Thread(
                target=self._do, args=(work_id, one, work), name="later", daemon=True
            )
            one.thread.start()

    def is_at(self, work_id: str) -> bool:
        """Return whether a thread of any process is at this."""
        with self._changed:
            if work_id in self._works:
                return True
            return self._names.is_held(work_id)

    def stop(self, work_id: str) -> None:
        """Let the thread of this process that is at this stop, if there is one."""
        with self._changed:
            if work_id in self._works:
                self._works[work_id].stopped.set()

    def follow(self, work_id: str, *, stopped: Stopped) -> Iterator[Event]:
        """Yield what a work of this process tells, from its beginning to its end, if there is one."""
        with self._changed:
            work = self._works.get(work_id)
        place = 0
        while work is not None and not stopped():
            with self._changed:
                if place == len(work.events):
                    if work.is_over:
                        return
                    self._changed.wait(0.5)
                events = work.events[place:]
            yield from events
            place += len(events)

    def close(self) -> None:
        """Stop all and wait for their ends."""
        with self._changed:
            self.is_closed = True
            works = list(self._works.values())
            for work in works:
                work.stopped.set()
        for work in works:
            if work.thread is not None:
                work.thread.join()
        self._names.close()

    def _do(self, work_id: str, one: _Work, work: Callable[[Stopped], Iterator[Event]]) -> None:
        try:
            for event in work(one.stopped.is_set):
                with self._changed:
                    one.events.append(event)
                    self._changed.notify_all()
        finally:
            with self._changed:
                one.is_over = True
                del self._works[work_id]
                self._names.let_go(work_id)
                self._changed.notify_all()
