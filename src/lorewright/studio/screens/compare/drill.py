"""What a changed fact did to each arm."""

from nicegui import ui

from lorewright.advisor.arms import traits
from lorewright.advisor.charts import shares
from lorewright.amounts import seconds_text
from lorewright.evaluation import Comparison, DrillRow, DrillSummary
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import exact, figures, section
from lorewright.studio.parts.text import Text

_MOST_ROWS = 60


def show_drill(comparison: Comparison, chosen: str) -> None:
    """Show the shares of right and old answers, how long it took, and what was said before and after."""
    drill = comparison.drill
    if drill is None:
        return
    description = t(
        "{n} documents were changed in a copy of the index, and the same questions were asked again.",
        n=len(drill.document_ids),
    )
    with section("drill", t("When a fact changes"), description):
        _key()
        heads = (t("Arm"), t("Afterwards"), t("Correct"), t("Still the old fact"), t("Time to correct"))
        with figures(t("Results of the update drill"), heads, classes="cmp-arms"):
            for summary in drill.summaries:
                _row(summary, is_chosen=summary.arm == chosen)
        _before_and_after(drill.rows)


def _key() -> None:
    with ui.element("div").classes("cmp-key"):
        for classes, text in (
            ("cmp-stack-right", t("correct: the new fact")),
            ("cmp-stack-stale", t("stale: the old fact")),
            ("cmp-stack", t("something else")),
        ):
            with ui.element("span"):
                ui.element("i").classes(classes).style("min-width:14px;height:14px")
                Text("span", text)


def _row(summary: DrillSummary, *, is_chosen: bool) -> None:
    with ui.element("tr").classes("cmp-chosen" if is_chosen else ""):
        Text("th", summary.arm).props("scope=row")
        with ui.element("td"), ui.element("div").classes("cmp-stack").props('aria-hidden="true"'):
            for name, share in shares(summary):
                if name != "other" and share > 0:
                    ui.element("div").classes(f"cmp-stack-{name}").style(f"width:{share * 100:.1f}%")
        Text("td", exact(summary.share_right), classes="cmp-exact")
        Text("td", exact(summary.share_stale), classes="cmp-exact")
        with ui.element("td"):
            seconds = summary.update_seconds
            if seconds is None:
                Text("span", _never(summary))
                return
            time = seconds_text(seconds)
            Text("span", t("at least {time}", time=time) if summary.is_lower_bound else time)
            if summary.is_lower_bound:
                Text("span", t("tuning again after the examples are rewritten"), classes="cmp-sub")


def _never(summary: DrillSummary) -> str:
    if traits(summary.arm).retrieves:
        return t("no correct answer")
    return t("never: it does not retrieve")


def _before_and_after(rows: tuple[DrillRow, ...]) -> None:
    with ui.element("details").classes("cmp-detail"):
        Text("summary", t("Answers of each arm before and after"))
        heads = (t("Question"), t("Arm"), t("Before"), t("After"), t("Outcome"))
        with figures(t("Before and after"), heads):
            for row in rows[:_MOST_ROWS]:
                with ui.element("tr"):
                    with ui.element("td"):
                        Text("span", row.question)
                        was = t("was {old}, is {new}", old=row.stale_target, new=row.target)
                        Text("span", was, classes="cmp-sub")
                    for text in (row.arm, row.before, row.after, row.outcome):
                        Text("td", text, classes="lw-pre")
