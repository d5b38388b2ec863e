"""The steps of a running job: each is done once, whatever happens in between."""

import json
import time
from collections.abc import Callable
from typing import Any

from lorewright.jobs.queue import Queue

_TELL_EVERY_SECONDS = 0.1


class Steps:
    """What a worker gets to do its job with."""

    def __init__(self, queue: Queue, job_id: str, attempt: int) -> None:
        self._queue = queue
        self._job_id = job_id
        self._attempt = attempt
        self._told_at = 0.0

    @property
    def job_id(self) -> str:
        """The job that the steps are of."""
        return self._job_id

    def once(self, name: str, do: Callable[[], Any]) -> Any:
        """Return what `do()` returns, as JSON; when the step was finished before, what it returned then."""
        stored = self._queue.step_result(self._job_id, name)
        if stored is not None:
            return json.loads(stored)
        started = time.perf_counter()
        result = json.dumps(do())
        seconds = time.perf_counter() - started
        self._queue.save_step(self._job_id, name, result, attempt=self._attempt, seconds=seconds)
        return json.loads(result)

    def has(self, name: str) -> bool:
        """Return whether a step was finished before."""
        return self._queue.step_result(self._job_id, name) is not None

    def progress(self, label: str) -> Callable[[int, int], None]:
        """Return a progress callback that tells followers how far the work called `label` is."""

        def tell(done: int, total: int) -> None:
            now = time.monotonic()
            if done < total and now - self._told_at < _TELL_EVERY_SECONDS:
                return
            self._told_at = now
            self._queue.tell(self._job_id, "progress", {"label": label, "done": done, "total": total})

        return tell

    def say(self, line: str) -> None:
        """Tell followers one line."""
        self._queue.tell(self._job_id, "line", {"text": line})

    def is_cancelled(self) -> bool:
        """Return whether somebody cancelled the job: its worker is then ended."""
        return self._queue.get(self._job_id).state == "cancelled"
