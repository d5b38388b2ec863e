"""What a client hears of a fine-tuning job while it learns."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from lorewright.errors import Cancelled
from lorewright.jobs import Steps
from lorewright.storage import Record
from lorewright.workspace.fine_tuning import EVENTS, JOBS, set_status, tell
from lorewright.workspace.home import Home

_LOOK_EVERY_SECONDS = 1.0


class Told:
    """Progress, lines and losses of a trainer as the events and the estimate of a job.

    `ending` tells whether this process was asked to end.
    """

    def __init__(self, home: Home, job: Record, steps: Steps, ending: Callable[[], bool]) -> None:
        self._jobs, self._events = home.records(JOBS), home.records(EVENTS)
        self._job, self._steps, self._ending = job, steps, ending
        self._follow = steps.progress("fine-tuning")
        self._begun: tuple[float, int] | None = None
        self._looked_at = 0.0

    def say(self, line: str) -> None:
        """Tell a line."""
        self._steps.say(line)
        tell(self._events, self._job.id, line)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is; raise `Cancelled` for a job that a client halted."""
        self._follow(done, total)
        if self._ending():
            raise Cancelled(f"The worker of {self._job.id} was asked to end.")
        now = time.time()
        self._begun = self._begun or (now, done)
        if now - self._looked_at < _LOOK_EVERY_SECONDS:
            return
        self._looked_at = now
        begun_at, n_before = self._begun
        n_learned = done - n_before
        finish = int(now + (now - begun_at) * (total - done) / n_learned) if n_learned else None
        set_status(self._jobs, self._job.id, "running", estimated_finish=finish)

    def step(self, number: int, n_steps: int, loss: float) -> None:
        """Tell the loss of a step, once: a job that was killed does its last steps again."""
        data = {"step": number, "train_loss": loss, "total_steps": n_steps}
        self._steps.once(f"metrics {number}", lambda: self._tell_metrics(data))

    def _tell_metrics(self, data: Mapping[str, Any]) -> None:
        line = f"Step {data['step']}/{data['total_steps']}: training loss={data['train_loss']:.3f}"
        tell(self._events, self._job.id, line, data=data)
