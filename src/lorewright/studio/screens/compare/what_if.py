"""What would change the verdict: assumptions to move, answered at once from what was measured."""

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from lorewright.advisor import Assumptions, Recommendation, Tipping
from lorewright.amounts import usd_text
from lorewright.settings import Preset
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.figures import bullets, section
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.screens.compare.sliders import Knob, Sliders, knobs
from lorewright.studio.screens.compare.verdict import show_would_change
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.comparisons.advice import AdviceInputs, save_assumptions

_WAIT_SECONDS = 0.15


class WhatIf:
    """The sliders with the verdict under them; `on_change` adds who follows a new recommendation."""

    def __init__(self, visit: Visit, inputs: AdviceInputs, advice: Recommendation) -> None:
        self._visit, self._inputs, self._advice = visit, inputs, advice
        self.advice_now = advice
        self._followers: list[Callable[[Recommendation], Any]] = []
        self._n_moves = 0
        comparison = inputs.comparison
        machine = comparison.measured.machine if comparison else advice.facts.machine
        self._knobs = knobs(
            has_gpu=bool(machine.get("gpu")),
            is_remote=inputs.settings.models.chat.startswith("openai:"),
        )
        description = t(
            "Adjust the assumptions. Costs and recommendation are recalculated from the measured answers."
        )
        with section("what-if", t("What would change the recommendation"), description):
            self._preset = self._presets(inputs.assumptions.preset)
            self._sliders = Sliders(self._knobs, inputs.assumptions, self._moved)
            self._status = ui.element("div").classes("cmp-if").props('role="status"')
            with ui.element("div").classes("lw-actions"):
                self._reset = ui.button(t("Reset to settings"), icon="undo", on_click=self._back)
                self._reset.props("flat no-caps")
                if visit.may("admin"):
                    keep = ui.button(t("Save to settings"), icon="save", on_click=self._keep)
                    self._keep_button: ui.button | None = keep.props("outline no-caps")
                else:
                    self._keep_button = None
            self._tips = ui.element("div").classes("lw-stack")
            show_would_change(advice)
        self._show(advice)
        ui.timer(0.05, self._tip, once=True)

    def on_change(self, follow: Callable[[Recommendation], Any]) -> None:
        """Call `follow` with every recommendation under other assumptions."""
        self._followers.append(follow)

    def _presets(self, now: Preset) -> ui.select:
        self._preset_names: dict[Preset, str] = {
            "balanced": t("Balanced"),
            "compliance": t("Compliance: unsupported claims weigh most"),
            "support-desk": t("Support desk: waiting counts"),
            "research": t("Research: correctness at any cost"),
            "low-budget": t("Low budget: cheaper arms may lose more"),
        }
        choice = ui.select(self._preset_names, value=now, label=t("Priorities"), on_change=self._weigh)
        return choice.props("outlined dense").classes("lw-field")

    async def _weigh(self, event: events.ValueChangeEventArguments[Any]) -> None:
        """Move the sliders to where a preset has them."""
        if event.value == self._sliders.assumptions.preset:
            return
        self._sliders.set(self._sliders.assumptions.under(event.value))
        await self._moved(self._sliders.assumptions)

    async def _moved(self, assumptions: Assumptions) -> None:
        """Recommend again once nothing has moved for a moment."""
        self._n_moves += 1
        move = self._n_moves
        await asyncio.sleep(_WAIT_SECONDS)
        if move != self._n_moves:
            return
        is_same = assumptions == self._inputs.assumptions
        advice = self._advice if is_same else await self._visit.attempt(self._inputs.advice, assumptions)
        if advice is not None and move == self._n_moves:
            self.advice_now = advice
            self._show(advice)
            for follow in self._followers:
                follow(advice)
            await self._tip()

    def _show(self, advice: Recommendation) -> None:
        is_same = advice is self._advice
        for button in (self._reset, self._keep_button):
            if button:
                button.set_enabled(not is_same)
        self._status.clear()
        with self._status:
            with ui.element("div").classes("lw-row"):
                if is_same:
                    badge(t("as in settings"), "plain")
                elif advice.arm == self._advice.arm:
                    badge(t("same recommendation"), "good")
                else:
                    badge(t("different recommendation"), "warn")
                Text("span", t("Use {arm}", arm=advice.arm), classes="lw-strong")
            cost = next((cost for cost in advice.costs if cost.arm == advice.arm), None)
            if cost:
                muted(
                    t("{month} per month, {once} set-up, {update} per changed fact.",
                      month=usd_text(cost.month_usd), once=usd_text(cost.set_up_usd),
                      update=usd_text(cost.update_usd))
                )  # fmt: skip
            if advice.arm != self._advice.arm:
                bullets(advice.reasons[:3])

    async def _tip(self) -> None:
        """Show how far each assumption must move until the verdict is another."""
        assumptions = self._sliders.assumptions
        tips = await self._visit.attempt(self._inputs.tipping, assumptions)
        by_preset = await self._visit.attempt(self._inputs.by_preset, assumptions)
        if (
            tips is None
            or by_preset is None
            or assumptions != self._sliders.assumptions
            or not self._inputs.comparison
        ):
            return
        self._tips.clear()
        with self._tips:
            h3(t("Tipping points"))
            if tips:
                bullets([_tip_text(one, self._knobs) for one in tips])
            else:
                muted(
                    t("None: no single change in traffic, update rate or price changes the recommendation.")
                )
            h3(t("With other priorities"))
            bullets([f"{self._preset_names[name]}: {arm}" for name, arm in by_preset.items()])

    async def _back(self) -> None:
        self._sliders.set(self._inputs.assumptions)
        self._preset.value = self._inputs.assumptions.preset
        await self._moved(self._inputs.assumptions)

    async def _keep(self) -> None:
        assumptions = self._sliders.assumptions

        def keep() -> bool:
            save_assumptions(self._visit.server.workspace, self._visit.caller, assumptions)
            return True

        if await self._visit.attempt(keep):
            tell(t("Saved. All calculations use these values from now on."))
            ui.timer(1.5, ui.navigate.reload, once=True)  # what is told must be there long enough to be read


def _tip_text(tipping: Tipping, offered: list[Knob]) -> str:
    knob = next((knob for knob in offered if knob.name == tipping.assumption), None)
    label = knob.label if knob else tipping.assumption
    value = knob.tell(float(f"{tipping.at:.2g}")) if knob else f"{tipping.at:g}"
    if tipping.is_above:
        return t("{what}: above about {value}, use {arm}.", what=label, value=value, arm=tipping.arm)
    return t("{what}: below about {value}, use {arm}.", what=label, value=value, arm=tipping.arm)
