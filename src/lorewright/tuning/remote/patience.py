"""Asking a server that may not answer: again after growing pauses, until patience ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lorewright.errors import Cancelled, Transient
from lorewright.progress import Say

Value = TypeVar("Value")

_LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a server is waited for, and how: `wait` sleeps, and raises `Cancelled` when it is to stop.

    Between two looks at a job `first_seconds` pass at first, `most_seconds` in the end; a server that
    does not answer is asked again for `seconds`.
    """

    stopped: Callable[[], bool]
    seconds: float = 180.0
    first_seconds: float = 0.5
    most_seconds: float = 10.0

    def wait(self, seconds: float) -> None:
        """Sleep; raise `Cancelled` as soon as it is to stop."""
        end = time.monotonic() + seconds
        while not self.stopped():
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _LOOK_EVERY_SECONDS))
        raise Cancelled("Stopped while waiting for the tuning service.")

    def ask(self, call: Callable[[], Value], say: Say) -> Value:
        """Return what `call` returns; `Transient` failures are tried again, and said once."""
        begun, pause = time.monotonic(), self.first_seconds
        while True:
            try:
                return call()
            except Transient as error:
                if time.monotonic() - begun + pause > self.seconds:
                    raise
                if pause == self.first_seconds:
                    say(f"{error} Trying again for {self.seconds:g} seconds.")
                self.wait(pause)
                pause *= 2

    def pauses(self) -> Callable[[], None]:
        """Return what waits before the next look at a job, a little longer each time."""
        seconds = self.first_seconds

        def pause() -> None:
            nonlocal seconds
            self.wait(seconds)
            seconds = min(seconds * 1.5, self.most_seconds)

        return pause
