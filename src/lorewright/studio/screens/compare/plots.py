"""Quality against cost and against latency, with intervals."""

from nicegui import ui

from lorewright.advisor import Recommendation, answer_seconds, points
from lorewright.advisor.scatter import Across
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison
from lorewright.studio.i18n import t
from lorewright.studio.parts.export import chart_buttons
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
    description = t(
        "Higher is more correct; further left is cheaper or faster. No other arm beats a filled "
        "point in both."
    )
    with section("plots", t("Quality and cost"), description), ui.element("div").classes("lw-split"):
        with ui.element("div").classes("lw-stack"):
            h3(t("Correctness vs. cost per month"))
            cost = ui.element("div").classes("lw-full")
            assumed = muted("")
            chart_buttons("correctness-vs-cost", cost)
        with ui.element("div").classes("lw-stack"):
            h3(t("Correctness vs. latency"))
            latency = ui.element("div").classes("lw-full")
            chart_buttons("correctness-vs-latency", latency)

    def show(place: ui.element, across: Across, updated: Recommendation) -> None:
        place.clear()
        text = usd_text if across == "cost" else seconds_text
        label = t("Correctness vs. cost") if across == "cost" else t("Correctness vs. latency")
        with place, scrolled(label):
            draw(points(comparison, updated.costs, updated.arm, across, seconds), text, label)

    def follow(updated: Recommendation) -> None:
        show(cost, "cost", updated)
        assumed.set_text(t("Based on the assumptions above.") if updated is not advice else "")

    show(latency, "latency", advice)
    follow(what_if.advice_now)
    what_if.on_change(follow)
