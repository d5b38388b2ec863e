"""The arms as rows, each figure with its interval."""

from nicegui import ui

from lorewright.advisor import Recommendation
from lorewright.advisor.arms import traits
from lorewright.advisor.text import MEANING
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison, Report
from lorewright.studio.i18n import t
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.figures import figures, interval, section
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.compare.deploy_dialog import open_deploy
from lorewright.studio.visit import Visit

_RATES = ("hallucination_rate", "form", "citation_correctness", "right_withheld")


def show_arms(visit: Visit, comparison: Comparison, advice: Recommendation) -> None:
    """Show every arm, the most correct first."""
    description = t(
        "Correctness: {meaning}. The dot is the mean, the line its 95% interval.",
        meaning=MEANING.get(comparison.primary, comparison.primary),
    )
    rates = [name for name in _RATES if any(name in report.metrics for report in comparison.reports)]
    names = {
        "hallucination_rate": t("Unsupported"), "form": t("Correct form"),
        "citation_correctness": t("Cited right"), "right_withheld": t("Right but withheld"),
    }  # fmt: skip
    ranked = sorted(comparison.reports, key=lambda report: -report.correctness.mean)
    month = {cost.arm: cost.month_usd for cost in advice.costs}
    heads = [t("Arm"), t("Correctness"), *(names[name] for name in rates)]
    heads += [t("Latency"), t("Per month"), t("Set-up")]
    if visit.may("deploy"):
        heads.append(t("Deploy"))
    terms = {
        t("Arm"): "arm", t("Correctness"): "correctness", t("Unsupported"): "unsupported",
        t("Correct form"): "form", t("Cited right"): "cited right", t("Latency"): "p95",
        t("Set-up"): "set-up",
    }  # fmt: skip
    with section("arms", t("Arms compared"), description):
        with figures(t("Measurements of each arm"), heads, classes="cmp-arms", terms=terms, is_saved=False):
            for report in ranked:
                _row(visit, comparison, report, rates, month.get(report.arm), advice)
        csv_button("arms", lambda: _table(ranked, rates, month))


def _table(ranked: list[Report], rates: list[str], month: dict[str, float]) -> Table:
    """Return the arms as a table to take along: every mean with its interval, and its n."""
    measures = ["correctness", *rates]
    heads = ["arm", *(f"{name}{end}" for name in measures for end in ("", "_low", "_high", "_n"))]
    heads += ["latency_p50_ms", "latency_p95_ms", "month_usd", "set_up_seconds"]
    rows = []
    for report in ranked:
        known = {**report.metrics, "correctness": report.correctness}
        row: list[object] = [report.arm]
        for name in measures:
            one = known.get(name)
            row += [one.mean, one.low, one.high, one.n] if one else [None] * 4
        row += [report.latency_p50_ms.mean, report.latency_p95_ms.mean, month.get(report.arm)]
        rows.append([*row, report.set_up.seconds])
    return heads, rows


def _row(
    visit: Visit, comparison: Comparison, report: Report, rates: list[str], month: float | None,
    advice: Recommendation,
) -> None:  # fmt: skip
    is_chosen, n = report.arm == advice.arm, comparison.n_questions
    with ui.element("tr").classes("cmp-chosen" if is_chosen else ""):
        with ui.element("th").props("scope=row"):
            Text("span", report.arm, classes="lw-strong")
            summary = traits(report.arm, comparison).summary
            Text(
                "span",
                t("recommended: {summary}", summary=summary) if is_chosen else summary,
                classes="cmp-sub",
            )
        with ui.element("td"):
            interval(report.correctness, is_wide=True, n_usual=n)
        for name in rates:
            with ui.element("td"):
                interval(report.metrics.get(name), n_usual=n)
        p50, p95 = report.latency_p50_ms, report.latency_p95_ms
        _two(seconds_text(p50.mean / 1000), f"p95 {seconds_text(p95.mean / 1000)}")
        _two(usd_text(month) if month is not None else "-", "")
        learned = report.set_up.n_examples
        _two(seconds_text(report.set_up.seconds), t("n={n}", n=learned) if learned else "")
        if visit.may("deploy"):
            with ui.element("td"):
                icon_button(
                    "rocket_launch", t("Deploy {arm}", arm=report.arm),
                    lambda: open_deploy(visit, comparison, report.arm, is_good=advice.is_good_enough),
                )  # fmt: skip


def _two(value: str, more: str) -> None:
    with ui.element("td"):
        Text("span", value, classes="lw-pre")
        Text("span", more, classes="cmp-sub")
