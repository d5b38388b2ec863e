"""Tuning: what is learned now, which runs the arms use, every run so far, and jobs of the API."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.jobs import Job
from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.tuning.live_run import RunWatch
from lorewright.studio.screens.tuning.stylesheet import (
    adapter_description,
    adapter_name,
    load_tuning_stylesheet,
    run_badge,
    run_name,
)
from lorewright.studio.visit import Visit
from lorewright.tuning.classifier.told import told
from lorewright.workspace.openai.fine_tuning.jobs import list_fine_tuning
from lorewright.workspace.tuning.runs import ShownRun, list_runs, tuning_jobs

LOOK_EVERY_SECONDS = 2.0
MOST_COMPARED = 6
PAGE = 100


async def show(visit: Visit) -> None:
    """Show everything about tuning."""
    load_tuning_stylesheet()
    with heading(
        t("Tuning"), t("Train adapters on your examples: small weights that change how the model answers.")
    ):
        if visit.may("tune"):
            ui.link(t("New run"), "/tuning/new").classes("lw-button lw-button-main")
    screen = _Screen(visit)
    await screen.load()


class _Screen:
    """The parts of the screen; the upper one follows what goes on."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._chosen: list[str] = []
        self._watched = ""
        self._jobs: list[str] = []
        self._now = ui.element("div").classes("lw-stack")
        self._rest = ui.element("div").classes("lw-stack")
        self._timer = ui.timer(LOOK_EVERY_SECONDS, self._look, active=False)

    async def load(self) -> None:
        """Read the runs and show them."""
        loaded = await self._visit.attempt(self._read)
        if loaded is None:
            return
        runs, jobs, orders = loaded
        self._show_now(jobs, runs)
        self._rest.clear()
        with self._rest:
            if not runs and not jobs and not orders:
                self._show_empty()
                return
            self._in_use(runs)
            if runs:
                self._runs(runs)
            if orders:
                _api_jobs(orders)

    def _read(self) -> tuple[list[ShownRun], list[Job], Sequence[Record]]:
        server, caller = self._visit.server, self._visit.caller
        orders = list_fine_tuning(server, caller, limit=PAGE).records if caller.may("tune") else ()
        return list_runs(server, caller), tuning_jobs(server, caller), orders

    def _show_empty(self) -> None:
        description = t("A run trains on the examples in Data. On this machine it takes minutes, not hours.")
        action = t("New run") if self._visit.may("tune") else ""
        empty("tune", t("No runs yet"), description, action=action,
              on_click=lambda: ui.navigate.to("/tuning/new"))  # fmt: skip

    def _show_now(self, jobs: Sequence[Job], runs: Sequence[ShownRun]) -> None:
        """Show the jobs under way, with the run that learns just now."""
        self._jobs = [job.id for job in jobs]
        running = next((run for run in runs if run.state == "running"), None)
        self._watched = running.run.id if running else ""
        self._now.clear()
        with self._now:
            for job in jobs:
                with card(t("Running")):
                    JobProgress(self._visit, job.id, title=t("Tuning"), on_over=self._over)
            if running:
                with ui.element("div").classes("lw-row"):
                    ui.link(run_name(running), f"/tuning/runs/{running.run.id}").classes("lw-strong")
                RunWatch(self._visit, running)
        (self._timer.activate if jobs or running else self._timer.deactivate)()

    async def _look(self) -> None:
        """Show a run that began, or another one, since the last look."""
        loaded = await self._visit.attempt(self._read)
        if loaded is None:
            self._timer.deactivate()
            return
        runs, jobs, _ = loaded
        running = next((run.run.id for run in runs if run.state == "running"), "")
        if running != self._watched and jobs:
            await self.load()

    async def _over(self, job: Job) -> None:
        """Show what came of a job; where it failed, its reason stays above."""
        if job.state != "failed":
            await self.load()
            return
        self._timer.deactivate()
        loaded = await self._visit.attempt(self._read)
        if loaded:
            self._rest.clear()
            with self._rest:
                self._in_use(loaded[0])
                if loaded[0]:
                    self._runs(loaded[0])
                if loaded[2]:
                    _api_jobs(loaded[2])

    def _in_use(self, runs: Sequence[ShownRun]) -> None:
        with ui.element("div").classes("lw-split"):
            has_classifier = any(run.run.adapter == "classifier" for run in runs)
            for kind in ("classifier" if has_classifier else "bare", "context"):
                used = next((run for run in runs if run.is_in_use and run.run.adapter == kind), None)
                with card(adapter_name(kind), adapter_description(kind)):
                    if used is None:
                        badge(t("not trained yet"), "plain")
                        continue
                    ui.link(run_name(used), f"/tuning/runs/{used.run.id}")
                    metrics = used.run.metrics
                    for line in told(metrics.heads) if metrics else ():
                        muted(line)
                    if metrics and metrics.validation_loss is not None:
                        before = metrics.validation_loss_before or 0.0
                        text = t("Validation loss: {before} → {after}",
                                 before=f"{before:.2f}", after=f"{metrics.validation_loss:.2f}")  # fmt: skip
                        muted(text)

    def _runs(self, runs: Sequence[ShownRun]) -> None:
        with card(t("Runs")):
            with ui.element("div").classes("lw-row"):
                self._compare = ui.button(t("Compare"), icon="stacked_line_chart", on_click=self._go_compare)
                self._compare.props("outline dense no-caps")
                self._is_notified = muted(t("Select two to six runs to compare their curves."))
            self._show_chosen()
            heads = (
                t("Compare"),
                t("Run"),
                t("State"),
                t("Started"),
                t("Duration"),
                t("Rows"),
                t("Validation loss"),
            )
            table(t("Runs"), heads, [self._row(place, run) for place, run in enumerate(runs[:PAGE], 1)])

    def _row(self, place: int, tuning_run: ShownRun) -> Sequence[Cell]:
        run, metrics = tuning_run.run, tuning_run.run.metrics

        def choose() -> None:
            box = ui.checkbox(on_change=lambda event: self._choose(run.id, is_on=bool(event.value)))
            box.props(f'dense aria-label="{t("Compare run {n}", n=place)}"')

        def state() -> None:
            with ui.element("div").classes("lw-row"):
                run_badge(tuning_run)
            if tuning_run.reason:
                Text("p", tuning_run.reason, classes="lw-error lw-small")

        before, after = (metrics.validation_loss_before, metrics.validation_loss) if metrics else (None, None)
        is_measured = before is not None and after is not None
        return (
            choose,
            lambda: ui.link(run_name(tuning_run), f"/tuning/runs/{run.id}"),
            state,
            ago_text(run.started_at),
            seconds_text(metrics.seconds) if metrics else "",
            metrics.n_rows if metrics else "",
            f"{before:.2f} → {after:.2f}" if is_measured else "",
        )

    def _choose(self, run_id: str, *, is_on: bool) -> None:
        if is_on:
            self._chosen.append(run_id)
        else:
            self._chosen.remove(run_id)
        self._show_chosen()

    def _show_chosen(self) -> None:
        self._compare.set_enabled(2 <= len(self._chosen) <= MOST_COMPARED)

    def _go_compare(self) -> None:
        ui.navigate.to(f"/tuning/compare?runs={','.join(self._chosen)}")


def _api_jobs(orders: Sequence[Record]) -> None:
    with card(t("API fine-tuning jobs"), t("Jobs created with /v1/fine_tuning/jobs.")):
        heads = (t("Job"), t("State"), t("Model"), t("Started"), t("Result"))
        table(t("Fine-tuning jobs"), heads, [_api_row(order) for order in orders])


def _api_row(order: Record) -> Sequence[Cell]:
    body = order.body
    error = (body.get("error") or {}).get("message", "")
    return (
        lambda: ui.link(order.id, f"/tuning/jobs/{order.id}"),
        lambda: order_badge(str(body["status"])),
        str(body["model"]),
        ago_text(order.created_at),
        str(body["fine_tuned_model"] or error),
    )


def order_badge(status: str) -> None:
    """Show how a fine-tuning job of the API stands."""
    if status in ("succeeded", "failed", "cancelled", "paused"):
        names = {"succeeded": t("done"), "failed": t("failed"), "cancelled": t("cancelled"),
                 "paused": t("paused")}  # fmt: skip
        tone = {"succeeded": "good", "failed": "bad"}.get(status, "warn")
        badge(names[status], "good" if tone == "good" else "bad" if tone == "bad" else "warn")
    else:
        badge(t("running") if status == "running" else t("waiting"), "busy")
