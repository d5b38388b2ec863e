"""A run as it goes on: its curve, what it says on the way, and how long it still takes."""

import time
from collections.abc import Callable

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.screens.tuning.curves import Line, curve_table, draw_curves
from lorewright.studio.screens.tuning.stylesheet import facts
from lorewright.studio.visit import Visit
from lorewright.tuning.curve import Curve, Look
from lorewright.workspace.tuning.runs import ShownRun, curve_of, find_run

LOOK_EVERY_SECONDS = 1.5


class RunWatch:
    """The curve and the samples of a run; while it learns they follow, then `on_over` is called once."""

    def __init__(
        self, visit: Visit, run: ShownRun, *, on_over: Callable[[ShownRun], object] | None = None
    ) -> None:
        self._visit, self._run, self._on_over = visit, run, on_over
        self._seen: tuple[int, int] = (-1, -1)
        with card(t("Loss")):
            self._plot = ui.element("div").classes("lw-stack").props('aria-live="off"')
            with ui.expansion(t("Show as table")).classes("lw-full") as expansion:
                self._table = ui.element("div")
            expansion.on_value_change(lambda event: self._fill_table() if event.value else None)
            self._expansion = expansion
        self._samples = ui.element("div")
        self._curve = Curve()
        self._timer = ui.timer(LOOK_EVERY_SECONDS, self._look)

    async def _look(self) -> None:
        """Show what is new; stop once nothing more will come."""
        loaded = await self._visit.attempt(self._read)
        if loaded is None:
            self._timer.deactivate()
            return
        run, self._curve = loaded
        counts = (len(self._curve.losses), len(self._curve.looks))
        if counts != self._seen:
            self._show(is_new_look=counts[1] != self._seen[1])
            self._seen = counts
        if run.state != "running":
            self._timer.deactivate()
            was_running = self._run.state == "running"
            self._run = run
            if self._on_over and was_running:
                self._on_over(run)

    def _read(self) -> tuple[ShownRun, Curve]:
        run = find_run(self._visit.server, self._visit.caller, self._run.run.id)
        return run, curve_of(run)

    def _show(self, *, is_new_look: bool) -> None:
        curve = self._curve
        self._plot.clear()
        with self._plot:
            self._figures()
            draw_curves(
                [Line(t("This run"), curve)], t("Loss by step"), is_saved=self._run.state != "running"
            )
        if self._expansion.value:
            self._fill_table()
        if is_new_look:
            self._samples.clear()
            with self._samples:
                show_samples(curve.looks)

    def _figures(self) -> None:
        curve = self._curve
        looks = [look.loss for look in curve.looks if look.loss is not None]
        figures = [(t("Steps"), f"{len(curve.losses)} / {curve.n_steps}", "")]
        if looks:
            figures.append((t("Validation loss"), f"{looks[0]:.2f} → {looks[-1]:.2f}", ""))
        if curve.seconds:
            figures.append((t("Speed"), t("{n} tokens/s", n=f"{curve.n_tokens / curve.seconds:,.0f}"), ""))
        seconds = curve.seconds_left
        if self._run.state == "running" and seconds is not None:
            at = time.strftime("%H:%M", time.localtime(time.time() + seconds))
            figures.append((t("Remaining"), seconds_text(seconds), t("until about {time}", time=at)))
        facts(figures)

    def _fill_table(self) -> None:
        self._table.clear()
        with self._table:
            curve_table([Line(t("This run"), self._curve)])


def show_samples(looks: tuple[Look, ...]) -> None:
    """Show what the model said to the same prompts as it learned."""
    looks = tuple(look for look in looks if look.samples)
    if not looks:
        return
    with card(t("Samples"), t("Answers to the same questions during training.")):
        for place, first in enumerate(looks[0].samples):
            h3(first.question)
            with ui.element("ul").classes("tun-samples"):
                for look in looks:
                    with ui.element("li"):
                        Text("span", t("step {n}", n=look.step), classes="lw-muted lw-small")
                        Text("p", look.samples[place].reply or t("(nothing)"))
                with ui.element("li"):
                    Text("span", t("expected"), classes="lw-muted lw-small")
                    Text("p", first.expected, classes="lw-strong")
    if not any(look.loss is not None for look in looks):
        muted(t("No validation rows, so there is no validation loss."))
