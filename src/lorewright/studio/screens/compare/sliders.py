"""The assumptions that can be moved: each with its range, its unit, and its place on a slider."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from nicegui import events, ui

from lorewright.advisor import Assumptions
from lorewright.amounts import usd_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text

STEPS = 200


@dataclass(frozen=True, slots=True)
class Knob:
    """One assumption: its name in `Assumptions`, its label, and how its values are told and placed."""

    name: str
    label: str
    low: float
    high: float
    tell: Callable[[float], str]
    has_zero: bool = False

    def value(self, place: int) -> float:
        """Return the value at a place of the slider, 0 to `STEPS`, rounded to two digits."""
        if self.has_zero and place == 0:
            return 0.0
        return _rounded(self.low * (self.high / self.low) ** (place / STEPS))

    def place(self, value: float) -> int:
        """Return the place of a value, the nearest end for what lies outside."""
        if value <= self.low:
            return 0
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return min(STEPS, max(0, round(share * STEPS)))


def knobs(*, has_gpu: bool, is_remote: bool) -> list[Knob]:
    """Return what can be moved: behind an API the price list counts, and no machine."""
    all_knobs = [
        Knob("questions_per_month", t("Questions per month"), 10, 10_000_000, lambda n: f"{n:,.0f}"),
        Knob("changes_per_month", t("Changed facts per month"), 0.1, 300, lambda n: f"{n:g}", has_zero=True),
        Knob("person_hour_usd", t("Labor cost per hour"), 1, 500, usd_text),
        Knob("minutes_per_example", t("Minutes to rewrite an example"), 0.1, 60, lambda n: f"{n:g}"),
        *_weights(),
    ]
    if has_gpu:
        all_knobs.insert(
            2, Knob("gpu_hour_usd", t("Cost of this machine per hour (GPU)"), 0.01, 50, usd_text)
        )
    elif not is_remote:
        all_knobs.insert(2, Knob("cpu_hour_usd", t("Cost of this machine per hour"), 0.001, 10, usd_text))
    return all_knobs


def _weights() -> list[Knob]:
    """Return what can count besides correctness, and how much."""
    return [
        Knob(
            "unsupported", t("Correct answers that an unsupported claim outweighs"), 0.1, 10,
            lambda n: f"{n:g}", has_zero=True,
        ),
        Knob(
            "second_points", t("Points of correctness per second of waiting"), 0.1, 20,
            lambda n: f"{n:g}", has_zero=True,
        ),
        Knob(
            "cost_points", t("Points of correctness a cheaper arm may lose"), 0.5, 30,
            lambda n: f"{n:g}", has_zero=True,
        ),
        Knob("stale_percent", t("Outdated answers that rule an arm out"), 1, 100, lambda n: f"{n:g}%"),
    ]  # fmt: skip


class Sliders:
    """The sliders; `on_change` is called with the assumptions at every movement."""

    def __init__(
        self, offered: list[Knob], start: Assumptions, on_change: Callable[[Assumptions], Awaitable[None]]
    ) -> None:
        self.assumptions = start
        self._on_change = on_change
        self._shown: dict[str, tuple[Knob, ui.element, Text]] = {}
        with ui.element("div").classes("cmp-knobs"):
            for knob in offered:
                self._slider(knob)
        self.set(start)

    def set(self, assumptions: Assumptions) -> None:
        """Show other assumptions."""
        self.assumptions = assumptions
        for knob, slider, output in self._shown.values():
            value = getattr(assumptions, knob.name)
            place = knob.place(value or 0.0)
            slider.props["value"] = place
            self._tell(knob, slider, output, value)

    def _slider(self, knob: Knob) -> None:
        with ui.element("div").classes("cmp-knob"):
            with ui.element("div").classes("lw-row"):
                label = Text("label", knob.label, classes="lw-grow")
                output = Text("span", "", classes="cmp-knob-value")
            slider = ui.element("input").props(f"type=range min=0 max={STEPS} step=1")
            slider.props["id"] = f"knob-{slider.id}"
            label.props["for"] = f"knob-{slider.id}"
            slider.on(
                "input",
                lambda event: self._moved(knob, event),
                js_handler="(event) => emit(event.target.value)",
                throttle=0.05,
            )
        self._shown[knob.name] = (knob, slider, output)

    async def _moved(self, knob: Knob, event: events.GenericEventArguments) -> None:
        value: Any = knob.value(int(event.args))
        if knob.name == "questions_per_month":
            value = int(value)
        self.assumptions = replace(self.assumptions, **{knob.name: value})
        _, slider, output = self._shown[knob.name]
        slider.props["value"] = int(event.args)
        self._tell(knob, slider, output, value)
        await self._on_change(self.assumptions)

    def _tell(self, knob: Knob, slider: ui.element, output: Text, value: float | None) -> None:
        text = t("not set: estimated") if value is None else knob.tell(value)
        output.set_text(text)
        slider.props["aria-valuetext"] = text
        slider.update()


def _rounded(value: float) -> float:
    digits = 1 - math.floor(math.log10(value)) if value else 0
    return round(value, digits)
