"""Start a job, show how far it is, and stop it on Ctrl-C."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from lorewright.amounts import seconds_text
from lorewright.cli.domain import local_caller
from lorewright.cli.output import note
from lorewright.progress import Progress
from lorewright.workspace import Workspace
from lorewright.workspace.jobs.process import progress_of, start_job_process

_PLAIN_EVERY_SECONDS = 10.0


def watch(workspace: Workspace, kind: str, order: Mapping[str, Any]) -> Any:
    """Run a job to its end and return its result; raise what stopped it.

    Ctrl-C ends the job's process with everything it started; what is finished stays finished and
    the same command continues.
    """
    following = start_job_process(workspace, local_caller(), kind, order)
    try:
        with _bar() as bar:
            for event in following.events():
                if event.kind == "line":
                    bar.line(str(event.body["text"]))
                else:
                    bar.show(*progress_of(event))
    except KeyboardInterrupt:
        following.stop()
        raise
    return following.result()


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show how far work is that runs in this process."""
    with _bar() as bar:
        yield partial(bar.show, label)


class _Bar(Protocol):
    """Where progress is shown."""

    def show(self, label: str, done: int, total: int) -> None:
        """Show how far the work called `label` is."""

    def line(self, text: str) -> None:
        """Show one line above the bar."""


@contextmanager
def _bar() -> Iterator[_Bar]:
    """Return a bar for a terminal, lines now and then for a file."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Terminal(progress)


class _Terminal:
    """A bar with the time left, in a terminal."""

    def __init__(self, progress: Any) -> None:
        self._progress = progress
        self._label = ""
        self._task: Any = None

    def show(self, label: str, done: int, total: int) -> None:
        """Show how far the work called `label` is."""
        if label != self._label:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._label, self._task = label, self._progress.add_task(label, total=total)
        self._progress.update(self._task, completed=done, total=total)

    def line(self, text: str) -> None:
        """Show one line above the bar."""
        self._progress.console.print(text, markup=False, highlight=False)


class _Lines:
    """A line now and then, in a file."""

    def __init__(self) -> None:
        self._label = ""
        self._begun = self._told = 0.0

    def show(self, label: str, done: int, total: int) -> None:
        """Show how far the work called `label` is, not too often."""
        now = time.monotonic()
        if label != self._label:
            self._label, self._begun, self._told = label, now, now
        if now - self._told < _PLAIN_EVERY_SECONDS or not done:
            return
        self._told = now
        left = (now - self._begun) / done * (total - done)
        note(f"{label}: {done / total:.0%}, about {seconds_text(left)} left")

    def line(self, text: str) -> None:
        """Show one line."""
        note(text)
