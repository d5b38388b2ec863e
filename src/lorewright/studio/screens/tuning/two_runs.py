"""Runs side by side: their curves laid over each other, what they took, and how their recipes differ."""

from collections.abc import Callable, Sequence

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import muted
from lorewright.studio.screens.tuning.curves import N_COLOURS, Line, curve_table, draw_curves
from lorewright.studio.screens.tuning.stylesheet import load_tuning_stylesheet, run_badge, run_name
from lorewright.studio.visit import Visit
from lorewright.tuning.recipe_difference import recipe_differences
from lorewright.workspace.tuning.runs import ShownRun, curve_of, find_run


async def show(visit: Visit, runs: str = "") -> None:
    """Show the runs with these ids, divided by commas."""
    load_tuning_stylesheet()
    with heading(
        t("Compare runs"), t("The loss shows how well a run learned; a comparison shows how well it answers.")
    ):
        ui.link(t("All runs"), "/tuning").classes("lw-button")
        ui.link(t("Compare answers"), "/compare/new").classes("lw-button")
    ids = [part for part in runs.split(",") if part][:N_COLOURS]
    compared = await visit.attempt(lambda: [find_run(visit.server, visit.caller, run_id) for run_id in ids])
    if not compared:
        empty(
            "stacked_line_chart",
            t("Select two or more runs."),
            t("Select them in the list of runs."),
            also=(t("All runs"), "/tuning"),
        )
        return
    curves = await visit.attempt(lambda: [curve_of(run) for run in compared])
    lines = [Line(run_name(run), curve) for run, curve in zip(compared, curves or [], strict=True)]
    with card(t("Loss")):
        draw_curves(lines, t("Loss by step"))
        with ui.expansion(t("Show as table")).classes("lw-full"):
            curve_table(lines)
    with card(t("Results")):
        table(t("Runs"), (t("What"), *(run_name(run) for run in compared)), _outcomes(compared))
    with card(t("Recipe differences")):
        different = recipe_differences([run.run.recipe for run in compared])
        if different:
            rows = [(name, *(_text(value) for value in values)) for name, values in different.items()]
            table(t("Recipes"), (t("Setting"), *(run_name(run) for run in compared)), rows)
        else:
            muted(t("The recipes are identical; the training data differed."))


def _outcomes(runs: Sequence[ShownRun]) -> list[Sequence[Cell]]:
    def state(run: ShownRun) -> Callable[[], object]:
        def cell() -> None:
            with ui.element("div").classes("lw-row"):
                run_badge(run)

        return cell

    def value_of(run: ShownRun, name: str) -> str:
        metrics = run.run.metrics
        if metrics is None:
            return ""
        after = metrics.validation_loss
        return {
            "time": seconds_text(metrics.seconds),
            "rows": f"{metrics.n_rows:,}",
            "tokens": f"{metrics.n_tokens:,}",
            "steps": f"{len(metrics.losses):,}",
            "loss": "" if after is None else f"{metrics.validation_loss_before:.3f} → {after:.3f}",
        }[name]

    names = (("loss", t("Validation loss")), ("time", t("Time")), ("rows", t("Rows")), ("steps", t("Steps")),
             ("tokens", t("Tokens")))  # fmt: skip
    rows: list[Sequence[Cell]] = [(t("State"), *(state(run) for run in runs))]
    return rows + [(label, *(value_of(run, name) for run in runs)) for name, label in names]


def _text(value: object) -> str:
    return t("not set") if value is None else f"{value:g}" if isinstance(value, float) else str(value)
