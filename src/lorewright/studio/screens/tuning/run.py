"""One run: its curve and samples while it learns, what it learned with, and what can be done with it."""

import json
from collections.abc import Callable

from nicegui import ui

from lorewright.amounts import seconds_text, size_text
from lorewright.studio.address import address
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.tuning.live_run import RunWatch
from lorewright.studio.screens.tuning.stylesheet import (
    adapter_description,
    facts,
    load_tuning_stylesheet,
    run_badge,
    run_name,
)
from lorewright.studio.visit import Visit, tell
from lorewright.tuning import TrainingMetrics
from lorewright.tuning.classifier.told import told
from lorewright.workspace.tuning.runs import (
    ShownRun,
    cancel_tuning_run,
    find_run,
    pause_run,
    promote_run,
    resume_run,
)


async def show(visit: Visit, run_id: str) -> None:
    """Show one run."""
    load_tuning_stylesheet()

    @ui.refreshable
    async def page() -> None:
        run = await visit.attempt(lambda: find_run(visit.server, visit.caller, run_id))
        if run is None:
            empty("search_off", t("Run not found."), also=(t("All runs"), "/tuning"))
            return
        with ui.element("div").classes("lw-stack"):
            _show(visit, run, page.refresh)

    await page()


def _show(visit: Visit, run: ShownRun, again: Callable[[], object]) -> None:
    """Show a run as it stands; `again` shows it again."""
    with heading(run_name(run), adapter_description(run.run.adapter)):
        if visit.may("tune"):
            _Actions(visit, run, again)
    with ui.element("div").classes("lw-row"):
        run_badge(run)
        muted(t("Started {moment}", moment=moment_text(run.run.started_at)))
        ui.link(t("All runs"), "/tuning")
    if run.reason:
        Text("p", run.reason, classes="lw-note lw-bad tun-note").props("role=alert")
    if run.job:
        with card():
            JobProgress(visit, run.job.id, title=t("Running"))
    if run.run.kind != "classifier":
        RunWatch(visit, run, on_over=lambda _: again())
    if run.run.metrics:
        with card(t("Results")):
            if run.run.metrics.heads:
                _heads(run.run.metrics)
            else:
                _took(run.run.metrics)
    with card(t("Recipe")):
        rows = [(name.replace("_", " "), str(value)) for name, value in run.run.recipe.items()]
        table(t("Recipe"), (t("Setting"), t("Value")), rows)


def _heads(metrics: TrainingMetrics) -> None:
    """Show how a classifier did in cross-validation, head by head, and what it confuses."""
    facts(
        [
            (t("Time"), seconds_text(metrics.seconds), ""),
            (t("Rows"), f"{metrics.n_rows:,}", ""),
            (t("Memory"), size_text(metrics.peak_bytes), ""),
        ]
    )
    for line in told(metrics.heads):
        Text("p", line)
    heads = (t("Field"), t("Asked for"), t("Given"), t("Examples"))
    rows = [(head["name"], *pair) for head in metrics.heads for pair in head["confused"]]
    if rows:
        table(t("Labels that were confused in cross-validation"), heads, rows)


def _took(metrics: TrainingMetrics) -> None:
    speed = metrics.n_tokens / metrics.seconds if metrics.seconds else 0.0
    left_out = t("{n} too long", n=metrics.n_rows_too_long) if metrics.n_rows_too_long else ""
    loss = ""
    if metrics.validation_loss is not None and metrics.validation_loss_before is not None:
        loss = f"{metrics.validation_loss_before:.3f} → {metrics.validation_loss:.3f}"
    facts(
        [
            (t("Time"), seconds_text(metrics.seconds), t("{n} tokens per second", n=f"{speed:,.0f}")),
            (t("Rows"), f"{metrics.n_rows:,}", left_out),
            (t("Tokens"), f"{metrics.n_tokens:,}", t("{n} trained on", n=f"{metrics.n_completion_tokens:,}")),
            (t("Memory"), size_text(metrics.peak_bytes), metrics.precision),
            (t("Validation loss"), loss or t("no rows"), t("{n} rows", n=metrics.n_validation_rows)),
        ]
    )  # fmt: skip
    if loss and (metrics.validation_loss or 0) > (metrics.validation_loss_before or 0):
        worse = t("It performs worse on validation rows than the base model. Use fewer epochs.")
        Text("p", worse, classes="lw-note lw-warn tun-note")


class _Actions:
    """What can be done with a run as it stands."""

    def __init__(self, visit: Visit, run: ShownRun, again: Callable[[], object]) -> None:
        self._visit, self._id, self._run, self._again = visit, run.run.id, run, again
        if run.state == "running" and run.job and run.job.kind == "tune":
            self._button(t("Pause"), "pause", self._pause)
        if run.state == "paused":
            self._button(t("Resume"), "play_arrow", self._resume, is_main=True)
        if run.state in ("running", "paused"):
            self._button(t("Cancel"), "close", self._let_go)
        if run.state == "finished":
            if not run.is_in_use:
                self._button(t("Use this run"), "check_circle", self._promote, is_main=True)
            self._button(t("Export"), "download", self._export)
            if visit.may("deploy") and run.is_in_use:
                ui.link(t("Deploy"), f"/deployments?arm={run.arms[0]}").classes("lw-button")

    def _button(self, text: str, icon: str, act: Callable[[], object], *, is_main: bool = False) -> None:
        style = "unelevated" if is_main else "outline"
        ui.button(text, icon=icon, on_click=act).props(f"{style} no-caps")

    async def _pause(self) -> None:
        if await self._visit.attempt(lambda: pause_run(self._visit.server, self._visit.caller, self._id)):
            tell(t("Paused. It resumes from its last checkpoint."))
            self._again()

    async def _resume(self) -> None:
        if await self._visit.attempt(lambda: resume_run(self._visit.server, self._visit.caller, self._id)):
            tell(t("Resumed."))
            ui.navigate.to("/tuning")

    async def _let_go(self) -> None:
        description = t("Its progress is deleted. To continue later, pause it instead.")
        if not await confirm(t("Cancel this run?"), description, t("Cancel run"), is_harmful=True):
            return
        server, caller = self._visit.server, self._visit.caller
        if await self._visit.attempt(lambda: cancel_tuning_run(server, caller, self._id)):
            tell(t("Cancelled."))
            ui.navigate.to("/tuning")

    async def _promote(self) -> None:
        server, caller = self._visit.server, self._visit.caller
        if await self._visit.attempt(lambda: promote_run(server, caller, self._id)):
            arm = self._run.arms[0]
            tell(t("The arm {arm} now uses this run, until a newer one finishes.", arm=arm))
            self._again()

    def _export(self) -> None:
        if self._run.run.kind == "classifier":
            script = (
                f"lorewright.fetch({json.dumps(address(f'/lorewright/v1/tuning/runs/{self._id}/adapter'))})"
            )
            ui.run_javascript(script)
            return
        if self._run.run.kind == "remote":
            tell(t("The model is on the server that tuned it: {model}", model=self._run.remote_model))
            return
        is_whole = self._run.run.kind == "full"
        with ui.dialog(value=True), ui.card().classes("lw-dialog"):
            h2(t("Export"))
            if is_whole:
                muted(t("This run trained all weights. The export is a complete merged model."))
            else:
                muted(
                    t("Load the adapter on top of its base model: in llama.cpp by --lora, in PEFT as folder.")
                )
            base = self._visit.server.workspace.tuning_base()
            Text("p", t("Base model: {base}", base=base), classes="lw-mono")
            place = address(f"/lorewright/v1/tuning/runs/{self._id}")
            name = t("Full model (GGUF)") if is_whole else t("Adapter (GGUF)")
            with ui.element("div").classes("lw-actions"):
                _download(name, f"{place}/adapter", "lw-button lw-button-main")
                _download(t("Safetensors (zip)"), f"{place}/safetensors", "lw-button")


def _download(text: str, path: str, classes: str) -> None:
    Text("a", text, classes=classes).props(f'href="{path}" download')
