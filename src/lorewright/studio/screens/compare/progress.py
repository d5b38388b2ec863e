"""A comparison while it is measured: arm by arm, with the answers as they come."""

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import load_compare_stylesheet
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.comparisons.progress import Asking, ComparisonProgress, asking, watch_comparison
from lorewright.workspace.comparisons.start import start_comparison
from lorewright.workspace.server.jobs import find_job

_LOOK_EVERY_SECONDS = 2.0


async def show(visit: Visit, job_id: str) -> None:
    """Show how far a comparison is; when it is done, its page."""
    load_compare_stylesheet()
    loaded = await visit.attempt(_read, visit, job_id)
    if loaded is None:
        return
    job, plan = loaded
    with heading(
        t("Measuring"), t("You can leave this page. The comparison also continues after a server restart.")
    ):
        ui.link(t("All comparisons"), "/compare")
    _Watch(visit, job, plan)


def _read(visit: Visit, job_id: str) -> tuple[Job, Asking]:
    job = find_job(visit.server, visit.caller, job_id)
    return job, asking(visit.server.workspace, visit.caller, job)


class _Watch:
    """The job, a bar for every arm, and the newest answers."""

    def __init__(self, visit: Visit, job: Job, plan: Asking) -> None:
        self._visit, self._job, self._plan = visit, job, plan
        self._shown: tuple[object, ...] = ()
        with card():
            JobProgress(visit, job.id, title=t("A comparison"), on_over=self._over)
            self._after = ui.element("div").classes("lw-actions")
        with card(t("Arms"), t("Answers are scored once all are complete.")):
            self._bars = {arm: self._bar(arm) for arm in plan.arms}
        with card(t("Latest answers")):
            self._fresh = ui.element("div").classes("cmp-fresh lw-full")
            with self._fresh:
                muted(t("None yet. Documents, adapters and the model are prepared first."))
        self._timer = ui.timer(_LOOK_EVERY_SECONDS, self._look, immediate=True)

    def _bar(self, arm: str) -> tuple[ui.linear_progress, Text]:
        with ui.element("div").classes("cmp-run-arm"):
            Text("span", arm, classes="lw-strong lw-clip")
            bar = ui.linear_progress(value=0, show_value=False, size="8px").props("rounded")
            bar.props["aria-label"] = arm
            count = Text("span", "", classes="lw-number lw-muted")
        return bar, count

    async def _look(self) -> None:
        progress = await self._visit.attempt(
            lambda: watch_comparison(self._visit.server.workspace, self._visit.caller, self._job, self._plan)
        )
        if progress is None:
            self._timer.deactivate()
            return
        for arm, (bar, count) in self._bars.items():
            n = progress.n_answered[arm]
            bar.set_value(n / progress.n_questions if progress.n_questions else 0)
            count.set_text(f"{n:,} / {progress.n_questions:,}")
        newest = tuple((one.arm, one.question_id) for one in progress.fresh)
        if newest and newest != self._shown:
            self._shown = newest
            self._show_fresh(progress)

    def _show_fresh(self, progress: ComparisonProgress) -> None:
        self._fresh.clear()
        with self._fresh:
            for one in progress.fresh:
                with ui.element("div").classes("cmp-answer"):
                    with ui.element("div").classes("cmp-answer-head"):
                        Text("span", one.arm, classes="lw-strong")
                        Text("span", seconds_text(one.seconds), classes="lw-muted lw-small")
                    Text("p", one.question, classes="lw-muted lw-pre")
                    Text("p", one.text or t("(nothing)"), classes="cmp-said")
                    if one.target:
                        Text("p", f"{t('Expected answer')}: {one.target}", classes="cmp-quote lw-pre")

    def _over(self, job: Job) -> None:
        self._timer.deactivate()
        with self._after:
            if job.state == "finished":
                tell(t("The comparison is finished."))
                ui.navigate.to(f"/compare/{job.result['comparison']}")
            else:
                ui.button(t("Resume"), icon="play_arrow", on_click=self._again).props("unelevated no-caps")
                ui.button(t("New comparison"), on_click=lambda: ui.navigate.to("/compare/new")).props(
                    "flat no-caps"
                )

    async def _again(self) -> None:
        """Start the same order: the job goes on where it was, and asks nothing twice."""
        job = await self._visit.attempt(
            lambda: start_comparison(self._visit.server, self._visit.caller, self._job.order)
        )
        if job:
            ui.navigate.to("/compare")
            ui.navigate.to(f"/compare/run/{job.id}")
