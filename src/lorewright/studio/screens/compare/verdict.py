"""The verdict and its reasons, and the four figures that matter most."""

from nicegui import ui

from lorewright.advisor import Recommendation
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison, Estimate
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.figures import bullets, percent, section
from lorewright.studio.parts.help import term_help
from lorewright.studio.parts.short_verdict import short_verdict
from lorewright.studio.parts.text import Text, h3


def show_verdict(comparison: Comparison, advice: Recommendation) -> None:
    """Show which arm to use, and why."""
    with section("verdict", t("Recommendation")):
        with ui.element("div").classes("cmp-verdict"):
            with ui.element("div").classes("lw-stack"):
                _state(comparison, advice)
                Text("p", short_verdict(advice), classes="cmp-headline")
                Text("p", advice.headline)
                bullets(advice.reasons)
            _figures(comparison, advice)
        if not advice.is_decided:
            with ui.element("div").classes("lw-actions"):
                ui.link(t("Ask more questions"), "/compare/new").classes("lw-button")
        if advice.alternatives:
            with ui.element("details").classes("cmp-detail"):
                Text("summary", t("Why not another arm?"))
                with ui.element("ul").classes("cmp-list"):
                    for other in advice.alternatives:
                        with ui.element("li"):
                            Text("span", f"{other.arm}: ", classes="lw-strong")
                            Text("span", other.why)


def _state(comparison: Comparison, advice: Recommendation) -> None:
    with ui.element("div").classes("lw-row"):
        if comparison.measured.origin:
            badge(t("not measured here"), "warn")
        else:
            badge(t("measured"), "good")
        if not advice.is_good_enough:
            badge(t("not good enough yet"), "bad")
        if advice.is_measured and not advice.is_decided:
            badge(t("no measurable difference: ask more questions"), "warn")
        elif any(other.is_equal for other in advice.alternatives):
            badge(t("as good: cheapest arm"), "plain")


def _figures(comparison: Comparison, advice: Recommendation) -> None:
    report = comparison.report(advice.arm)
    cost = next((cost for cost in advice.costs if cost.arm == advice.arm), None)
    if report is None or cost is None:
        return
    unsupported = report.metrics.get("hallucination_rate")
    with ui.element("div").classes("cmp-figures"):
        right = _interval(report.share_right)
        _figure(percent(report.share_right.mean), t("correct answers"), right, term="correctness")
        _figure(
            percent(unsupported.mean) if unsupported else "-",
            t("answers with unsupported claims"),
            _interval(unsupported) if unsupported else "",
            term="unsupported",
        )
        p95 = seconds_text(report.latency_p95_ms.mean / 1000)
        _figure(
            seconds_text(report.latency_p50_ms.mean / 1000), t("median latency"), f"p95 {p95}", term="p95"
        )
        once = t("plus {usd} set-up", usd=usd_text(cost.set_up_usd))
        _figure(usd_text(cost.month_usd), t("per month"), once, term="set-up")


def _interval(share: Estimate) -> str:
    low, high = f"{share.low * 100:.0f}", f"{share.high * 100:.0f}"
    return t("{low} to {high}, n={n}", low=low, high=high, n=share.n)


def _figure(value: str, what: str, more: str, *, term: str) -> None:
    with ui.element("div").classes("lw-figure"):
        Text("span", value, classes="lw-figure-value")
        with ui.element("div").classes("lw-row lw-tight"):
            Text("span", what, classes="lw-muted")
            term_help(term)
        if more:
            Text("span", more, classes="lw-muted")


def show_would_change(advice: Recommendation) -> None:
    """Show what to find out, because it could change the verdict."""
    if advice.would_change:
        h3(
            t("What else would change the recommendation")
            if advice.is_measured
            else t("How to be more certain")
        )
        bullets(advice.would_change)
