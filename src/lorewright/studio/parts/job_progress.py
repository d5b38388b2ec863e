"""A job as it goes on: how far it is, what it said last, and a way to end it."""

import time
from collections.abc import Awaitable, Callable

from nicegui import ui

from lorewright.amounts import seconds_text, size_text
from lorewright.jobs import Event, Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import job_badge
from lorewright.studio.parts.cleanup import is_gone
from lorewright.studio.studio_words import studio_words
from lorewright.studio.visit import Visit
from lorewright.workspace.jobs.process import progress_of
from lorewright.workspace.server.jobs import cancel_job, find_job, job_events, n_problems

_LOOK_EVERY_SECONDS = 0.7
_PACE_SECONDS = 3.0
"""How long a step is watched before its pace says how much longer it takes."""


class JobProgress:
    """The progress of one job, until it is over; then `on_over` is called with the job once.

    It reads what the job told from the database: a reload of the page, or another page, shows the same.
    """

    def __init__(
        self, visit: Visit, job_id: str, *, title: str = "", on_over: Callable[[Job], object] | None = None
    ) -> None:
        self._visit, self._job_id, self._on_over = visit, job_id, on_over
        self._after = 0
        self._pace = ("", 0, 0.0)
        self._state = ""
        self._is_stopping = False
        with ui.element("div").classes("lw-job").props('role="status"') as self.element:
            with ui.element("div").classes("lw-row"):
                ui.label(title or job_id).classes("lw-strong lw-grow")
                self._badge = ui.element("div")
                self._cancel = ui.button(t("Cancel"), on_click=self._end).props("flat dense no-caps")
            self._bar = ui.linear_progress(value=0, show_value=False, size="6px").props(
                f'rounded aria-label="{t("Progress")}"'
            )
            self._said = ui.label().classes("lw-muted lw-clip")
        if not is_gone(self.element):  # who began the job may have left by now
            self._timer = ui.timer(_LOOK_EVERY_SECONDS, self._look)

    async def _look(self) -> None:
        job_and_progress = await self._visit.attempt(self._read)
        if job_and_progress is None:
            self._timer.deactivate()
            return
        job, events = job_and_progress
        for event in events:
            self._after = event.id
            self._show(event)
        if job.state != self._state and (job.is_over or not self._is_stopping):
            self._show_state(job.state, n_problems(job))
        if job.is_over:
            self._timer.deactivate()
            self._cancel.set_visibility(False)
            if job.state == "finished":
                self._bar.set_value(1)
            elif job.error:
                self._said.set_text(
                    studio_words(f"{job.error.get('message', '')} {job.error.get('hint', '')}".strip())
                )
                self._said.classes("lw-error", remove="lw-muted lw-clip")
            if self._on_over:
                with self.element:
                    reply = self._on_over(job)
                    if isinstance(reply, Awaitable):
                        await reply

    def _show_state(self, state: str, n_problems: int = 0) -> None:
        self._state = state
        self._badge.clear()
        with self._badge:
            job_badge(state, n_problems=n_problems)

    def _read(self) -> tuple[Job, list[Event]]:
        server, caller = self._visit.server, self._visit.caller
        job = find_job(server, caller, self._job_id)
        return job, job_events(server, caller, job, after=self._after)

    def _show(self, event: Event) -> None:
        if event.kind == "line":
            self._said.set_text(str(event.body["text"]))
            return
        label, done, total = progress_of(event)
        self._bar.set_value(done / total if total else 0)
        facts = [label, _amount_text(label, done, total), self._left_text(label, done, total)]
        self._said.set_text(" · ".join(filter(None, facts)))

    def _left_text(self, label: str, done: int, total: int) -> str:
        """Return how long a step still takes at the pace since this page follows it, '' before that shows."""
        now = time.monotonic()
        if label != self._pace[0] or done < self._pace[1]:
            self._pace = (label, done, now)
        _, begun_at, since = self._pace
        if done <= begun_at or done >= total or now - since < _PACE_SECONDS:
            return ""
        left = (now - since) / (done - begun_at) * (total - done)
        return t("about {time} left", time=seconds_text(max(1.0, left)))

    async def _end(self) -> None:
        """Cancel the job; until its processes have ended, the page says that it stops."""
        self._is_stopping = True
        self._cancel.set_visibility(False)
        self._show_state("stopping")
        cancelled = await self._visit.attempt(
            lambda: cancel_job(self._visit.server, self._visit.caller, self._job_id)
        )
        self._is_stopping = False
        if cancelled is None:
            self._state = ""  # it could not be: the next look says how it is
            self._cancel.set_visibility(True)


def _amount_text(label: str, done: int, total: int) -> str:
    """Return how much is done; of a download in sizes that people read."""
    if label.startswith("downloading"):
        return f"{size_text(done)} / {size_text(total)}"
    return f"{done:,} / {total:,}"
