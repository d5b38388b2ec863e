"""Jobs: what runs, what ran, what it said, and why it failed."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import job_badge, job_name
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.moments import ago_text, moment_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.server.jobs import (
    can_retry,
    find_job,
    job_events,
    list_jobs,
    n_problems,
    retry_job,
    steps_of,
)

N_SHOWN = 100


async def show(visit: Visit) -> None:
    """Show the jobs that run and the latest that are over."""
    with heading(t("Jobs"), t("Jobs continue when you leave this page and after a server restart.")):
        ui.button(t("Refresh"), icon="refresh", on_click=lambda: jobs.refresh()).props("outline no-caps")

    def again(_: Job) -> None:
        """Let the list be drawn anew behind the progress bar, which goes with the old one."""
        jobs.refresh()

    @ui.refreshable
    async def jobs() -> None:
        listed = await visit.attempt(lambda: list_jobs(visit.server, visit.caller)[:N_SHOWN])
        if not listed:
            empty(
                "pending_actions", t("No jobs yet"), t("Indexing, tuning and comparisons appear here."),
                action=t("Add documents"), on_click=lambda: ui.navigate.to("/documents"),
            )  # fmt: skip
            return
        running = [job for job in listed if not job.is_over]
        if running:
            with card(t("Running")):
                for job in running:
                    JobProgress(visit, job.id, title=job_name(job.kind), on_over=again)
        over = [job for job in listed if job.is_over]
        with card(t("Finished")):
            table(
                t("Finished jobs"),
                (t("Job"), t("State"), t("Started"), t("Duration"), t("Result"), t("Actions")),
                [_row(visit, job, jobs.refresh) for job in over],
            )

    await jobs()


def _row(visit: Visit, job: Job, again: Callable[[], Any]) -> Sequence[Cell]:
    took = seconds_text(job.finished_at - job.created_at) if job.finished_at else ""
    message = job.error.get("message", "") if job.error else ""
    return (
        lambda: ui.link(job_name(job.kind), f"/jobs/{job.id}"),
        lambda: job_badge(job.state, n_problems=n_problems(job)),
        ago_text(job.created_at),
        took,
        message,
        lambda: _retry_button(visit, job, again),
    )


def _retry_button(visit: Visit, job: Job, again: Callable[[], Any]) -> None:
    """Show a button that starts a stopped job again, where the visitor may."""
    if not can_retry(visit.caller, job):
        return

    async def retry() -> None:
        started = await visit.attempt(lambda: retry_job(visit.server, visit.caller, job.id))
        if started:
            again()

    button = ui.button(t("Try again"), icon="replay", on_click=retry).props("outline dense no-caps")
    button.props["aria-label"] = t("Try again: {job}", job=job_name(job.kind))


async def show_one(visit: Visit, job_id: str) -> None:
    """Show one job: what was ordered, what it told, and what came of it."""
    job = await visit.attempt(lambda: find_job(visit.server, visit.caller, job_id))
    if job is None:
        empty("search_off", t("Job not found."), also=(t("All jobs"), "/jobs"))
        return
    with heading(job_name(job.kind), t("Started {moment}", moment=moment_text(job.created_at))):
        _retry_button(visit, job, lambda: ui.navigate.reload())
        ui.link(t("All jobs"), "/jobs").classes("lw-button")
    with card():
        JobProgress(visit, job.id, title=job_name(job.kind))
        muted(t("Job {id}", id=job.id)).classes("lw-small lw-mono")
    details = await visit.attempt(
        lambda: (job_events(visit.server, visit.caller, job), steps_of(visit.server, visit.caller, job))
    )
    events, steps = details or ([], [])
    lines = [str(event.body["text"]) for event in events if event.kind == "line"]
    with card(t("Log")):
        if lines:
            Text("pre", "\n".join(lines), classes="lw-mono lw-pre")
        else:
            muted(t("Nothing was logged."))
    with card(t("Finished steps")):
        rows = [(name, attempt, seconds_text(seconds)) for name, attempt, seconds in steps[-N_SHOWN:]]
        if rows:
            table(t("Steps"), (t("Step"), t("Attempt"), t("Duration")), rows)
        else:
            muted(t("No step was finished."))
    with card(t("Parameters and result")):
        h2(t("Parameters"))
        Text("pre", _as_text(job.order), classes="lw-mono lw-pre")
        h2(t("Result"))
        Text("pre", _as_text(job.result), classes="lw-mono lw-pre")


def _as_text(value: object) -> str:
    if value is None:
        return t("none")
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)[:20_000]
