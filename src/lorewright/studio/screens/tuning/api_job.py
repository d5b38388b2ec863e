"""A fine-tuning job of the API: how it stands, its curve, what it told, paused and resumed."""

from collections.abc import Callable

from nicegui import ui

from lorewright.storage import Record
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.tuning.curves import Line, curve_table, draw_curves
from lorewright.studio.screens.tuning.live_run import show_samples
from lorewright.studio.screens.tuning.screen import order_badge
from lorewright.studio.screens.tuning.stylesheet import load_tuning_stylesheet
from lorewright.studio.visit import Visit, tell
from lorewright.tuning.curve import Curve, read_curve
from lorewright.workspace.openai.fine_tuning.halting import (
    cancel_fine_tuning,
    find_fine_tuning,
    lines_of,
    pause_fine_tuning,
    resume_fine_tuning,
)
from lorewright.workspace.openai.fine_tuning.jobs import OVER, RUNS

LOOK_EVERY_SECONDS = 2.0
N_LINES = 200


async def show(visit: Visit, job_id: str) -> None:
    """Show one job; what it tells follows while it goes on."""
    load_tuning_stylesheet()
    job = await visit.attempt(lambda: find_fine_tuning(visit.server, visit.caller, job_id))
    if job is None:
        empty("search_off", t("Job not found."), also=(t("Tuning"), "/tuning"))
        return
    _Job(visit, job)


class _Job:
    """The page of a job; it is drawn again when the job's state or curve is another."""

    def __init__(self, visit: Visit, job: Record) -> None:
        self._visit, self._id = visit, job.id
        self._seen: tuple[str, int] = ("", -1)
        with heading(t("Fine-tuning job"), job.id) as self._head:
            ui.link(t("All runs"), "/tuning").classes("lw-button")
        self._whole = ui.element("div").classes("lw-stack")
        self._timer = ui.timer(LOOK_EVERY_SECONDS, self._look)

    async def _look(self) -> None:
        loaded = await self._visit.attempt(self._read)
        if loaded is None:
            self._timer.deactivate()
            return
        job, curve, lines = loaded
        status = str(job.body["status"])
        state = (status, len(curve.losses) + len(lines))
        if state != self._seen:
            self._seen = state
            self._whole.clear()
            with self._whole:
                self._show(job, curve, lines)
        if status in OVER or status == "paused":
            self._timer.deactivate()

    def _read(self) -> tuple[Record, Curve, list[str]]:
        server = self._visit.server
        job = find_fine_tuning(server, self._visit.caller, self._id)
        new_lines = lines_of(server, self._visit.caller, job.id)
        lines = [f"{moment_text(one.created_at)}  {one.body['message']}" for one in new_lines[-N_LINES:]]
        return job, read_curve(server.workspace.state_folder / RUNS / job.id), lines

    def _show(self, job: Record, curve: Curve, lines: list[str]) -> None:
        body, status = job.body, str(job.body["status"])
        with card():
            with ui.element("div").classes("lw-row"):
                order_badge(status)
                muted(t("Started {moment}", moment=moment_text(job.created_at)))
                if status not in OVER and status != "paused":
                    self._button(t("Pause"), "pause", self._pause)
                if status == "paused":
                    self._button(t("Resume"), "play_arrow", self._resume)
                if status not in OVER:
                    self._button(t("Cancel"), "close", self._cancel)
            if body["error"]:
                Text("p", str(body["error"]["message"]), classes="lw-error").props("role=alert")
            if body["fine_tuned_model"]:
                Text("p", str(body["fine_tuned_model"]), classes="lw-mono")
                ui.link(t("Models"), "/models")
            rows = [
                (name, "" if value is None else str(value)) for name, value in body["hyperparameters"].items()
            ]
            fixed = [(t("Model"), str(body["model"])), (t("Training file"), str(body["training_file"]))]
            table(t("Request"), (t("Setting"), t("Value")), [*fixed, *rows])
        if curve.losses:
            with card(t("Loss")):
                one = [Line(t("This job"), curve)]
                draw_curves(one, t("Loss by step"))
                with ui.expansion(t("Show as table")).classes("lw-full"):
                    curve_table(one)
            show_samples(curve.looks)
        with card(t("Log")):
            Text("pre", "\n".join(lines), classes="lw-mono lw-pre")

    def _button(self, text: str, icon: str, act: Callable[[], object]) -> None:
        ui.button(text, icon=icon, on_click=act).props("outline dense no-caps")

    async def _pause(self) -> None:
        if await self._visit.attempt(
            lambda: pause_fine_tuning(self._visit.server, self._visit.caller, self._id)
        ):
            tell(t("Paused. It resumes from its last checkpoint."))
            self._timer.activate()

    async def _resume(self) -> None:
        if await self._visit.attempt(
            lambda: resume_fine_tuning(self._visit.server, self._visit.caller, self._id)
        ):
            tell(t("Resumed."))
            self._timer.activate()

    async def _cancel(self) -> None:
        description = t("Its progress is deleted. To continue later, pause it instead.")
        if not await confirm(t("Cancel this job?"), description, t("Cancel job"), is_harmful=True):
            return
        server, caller = self._visit.server, self._visit.caller
        if await self._visit.attempt(lambda: cancel_fine_tuning(server, caller, self._id)):
            tell(t("Cancelled."))
            self._timer.activate()
