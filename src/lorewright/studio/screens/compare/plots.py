"""Quality against cost and against latency, with intervals."""

from nicegui import ui

from lorewright.advisor import Recommendation, answer_seconds, points
from lorewright.advisor.scatter import Across
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import scrolled, section
from lorewright.studio.parts.text import h3, muted
from lorewright.studio.screens.compare.scatter import draw
from lorewright.studio.screens.compare.what_if import WhatIf
from lorewright.studio.visit import Visit


async def show_plots(visit: Visit, comparison: Comparison, advice: Recommendation, what_if: WhatIf) -> None:
    """Show both plots; the one of the cost follows what is assumed."""
    seconds = await visit.attempt(answer_seconds, comparison)
    if not seconds:
        return
    says = t("Up is more correct, left is cheaper or faster. Nothing beats a filled point in both.")
    with section("plots", t("What quality costs"), says), ui.element("div").classes("lw-split"):
        with ui.element("div").classes("lw-stack"):
            h3(t("Correctness against cost a month"))
            cost = ui.element("div").classes("lw-full")
            assumed = muted("")
        with ui.element("div").classes("lw-stack"):
            h3(t("Correctness against time to an answer"))
            latency = ui.element("div").classes("lw-full")

    def show(place: ui.element, across: Across, told: Recommendation) -> None:
        place.clear()
        text = usd_text if across == "cost" else seconds_text
        label = t("Correctness against cost") if across == "cost" else t("Correctness against latency")
        with place, scrolled(label):
            draw(points(comparison, told.costs, told.arm, across, seconds), text, label)

    def follow(told: Recommendation) -> None:
        show(cost, "cost", told)
        assumed.set_text(t("As assumed above.") if told is not advice else "")

    show(latency, "latency", advice)
    follow(advice)
    what_if.on_change(follow)
