"""What every arm costs: to set up, a month, for a changed fact; each line with how it was reckoned."""

from nicegui import ui

from lorewright.advisor import ArmCost, Recommendation
from lorewright.amounts import usd_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.figures import figures, section
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.compare.what_if import WhatIf


def show_costs(advice: Recommendation, what_if: WhatIf) -> None:
    """Show the cost table; it follows what is assumed above."""
    description = t(
        "Calculated from measured time and tokens and from prices. Lines marked * are based on assumptions."
    )
    with section("costs", t("Costs of each arm"), description):
        place = ui.element("div").classes("lw-full")
        note = muted("")

    def show(updated: Recommendation) -> None:
        place.clear()
        note.set_text(t("Based on the assumptions above, not the settings.") if updated is not advice else "")
        with place:
            _table(updated)
            csv_button("costs", lambda: _as_table(updated))

    show(advice)
    what_if.on_change(show)


def _as_table(advice: Recommendation) -> Table:
    """Return every line of the costs as a table to take along, with how it was calculated."""
    heads = ("arm", "kind", "line", "usd", "measured", "calculated_from")
    kinds = ("set_up", "month", "update")
    lines = (
        (cost.arm, kind, line.label, line.usd, line.is_measured, line.how)
        for cost in advice.costs
        for kind in kinds
        for line in getattr(cost, kind)
    )
    return heads, lines


def _table(advice: Recommendation) -> None:
    heads = (
        t("Arm"),
        t("Set-up"),
        t("Per month"),
        t("Per 1,000 answers"),
        t("Per changed fact"),
        t("Calculated from"),
    )
    with figures(t("Costs of each arm"), heads, classes="cmp-arms", is_saved=False):
        for cost in sorted(advice.costs, key=lambda one: one.arm != advice.arm):
            with ui.element("tr").classes("cmp-chosen" if cost.arm == advice.arm else ""):
                _row(cost, is_chosen=cost.arm == advice.arm)


def _row(cost: ArmCost, *, is_chosen: bool) -> None:
    with ui.element("th").props("scope=row"):
        Text("span", cost.arm)
        if is_chosen:
            Text("span", t("recommended"), classes="cmp-sub")
    for usd in (cost.set_up_usd, cost.month_usd, cost.per_1000_answers_usd, cost.update_usd):
        Text("td", usd_text(usd), classes="cmp-exact")
    with ui.element("td"), ui.element("details").classes("cmp-detail"):
        lines = (*cost.set_up, *cost.month, *cost.update)
        Text("summary", t("{n} lines", n=len(lines)))
        for line in lines:
            mark = "" if line.is_measured else " *"
            Text("p", f"{line.label}: {usd_text(line.usd)}{mark}", classes="lw-pre")
            Text("p", line.how, classes="cmp-sub")
