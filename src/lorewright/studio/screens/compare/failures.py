"""Why answers were wrong, by arm; each count leads to its answers."""

from collections.abc import Callable

from nicegui import ui

from lorewright.evaluation import FAILURES, REMEDIES, Comparison, Report
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import figures, section
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.studio_words import studio_words


def show_failures(comparison: Comparison, chosen: str, on_pick: Callable[[str, str], object]) -> None:
    """Show how often each thing went wrong; `on_pick` is called with a failure and an arm."""
    happened = [name for name in FAILURES if any(name in report.failures for report in comparison.reports)]
    description = t(
        "Each wrong answer is labelled with its first cause on the way from the document to the answer."
    )
    with section("failures", t("Failures"), description):
        if not happened:
            muted(t("None: every answer was correct."))
            return
        heads = (t("Cause and remedy"), *comparison.arms)
        with figures(t("Wrong answers by cause"), heads, classes="cmp-heads cmp-causes", chosen=chosen):
            for name in happened:
                _row(name, comparison, on_pick)


def _row(name: str, comparison: Comparison, on_pick: Callable[[str, str], object]) -> None:
    with ui.element("tr"):
        remedy = next(text for label, text in REMEDIES.items() if label == name)
        with ui.element("th").props("scope=row"):
            Text("span", name)
            Text("span", studio_words(remedy), classes="cmp-sub")
        for report in comparison.reports:
            with ui.element("td").style("min-width:60px"):
                _count(name, report, on_pick)


def _count(name: str, report: Report, on_pick: Callable[[str, str], object]) -> None:
    n = report.failures.get(name, 0)
    if not n:
        Text("span", "0", classes="lw-muted")
        return
    share = n / max(1, len(report.rows))
    heat = 3 if share >= 0.5 else 2 if share >= 0.15 else 1
    button = ui.element("button").classes(f"cmp-count cmp-heat-{heat}").props("type=button")
    button.props["aria-label"] = t(
        "{n} answers of {arm}: {cause}. Show them.", n=n, arm=report.arm, cause=name
    )
    button.on("click", lambda: on_pick(name, report.arm))
    with button:
        ui.label(str(n))
