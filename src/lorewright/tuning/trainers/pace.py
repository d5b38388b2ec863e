"""What else a run does beside its steps, and how much of its time that may take."""

import time
from collections.abc import Callable

SAVING_SHARE = 0.05  # of the time at most
LOOKING_SHARE = 0.1  # likewise, for looks at the model on the way
N_LOOKS = 10


class Clock:
    """When to save, and how fast it goes."""

    def __init__(self, n_done: int, checkpoint_seconds: float) -> None:
        """Begin where `n_done` tokens were learned before."""
        self._checkpoint_seconds = checkpoint_seconds
        self._n_before = n_done
        self._begun = self._saved_at = time.monotonic()
        self._saving_seconds = 0.0

    def speed(self, n_done: int) -> str:
        """Return how fast it goes, as measured since the start."""
        return f"{(n_done - self._n_before) / (time.monotonic() - self._begun):.0f} tokens/s"

    def is_time_to_save(self) -> bool:
        """Return whether saving is worth its time by now."""
        wait = max(self._checkpoint_seconds, self._saving_seconds / SAVING_SHARE)
        return time.monotonic() - self._saved_at > wait

    def saved(self, seconds: float) -> None:
        """Note how long saving took."""
        self._saving_seconds = seconds
        self._saved_at = time.monotonic()


class Looking:
    """When to look at the model: some times in a run, less often where that takes long, and at its end."""

    def __init__(self, n_steps: int, look: Callable[[], object], agreed: Callable[[bool], bool]) -> None:
        """`look` looks; `agreed` returns what the leader of the processes says, where they look together."""
        self._n_steps, self._look, self._agreed = n_steps, look, agreed
        self._every = max(1, n_steps // N_LOOKS)
        self._seconds = 0.0
        self._looked_at = time.monotonic()

    def look(self, step: int) -> None:
        """Look if it is time to, after `step` steps."""
        is_end = step in (0, self._n_steps)
        is_cheap = time.monotonic() - self._looked_at >= self._seconds / LOOKING_SHARE
        if is_end or (step % self._every == 0 and self._agreed(is_cheap)):
            begun = time.monotonic()
            self._look()
            self._looked_at = time.monotonic()
            self._seconds = self._looked_at - begun
