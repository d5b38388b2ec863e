"""What the report's charts show: bars with their intervals, and stacked shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lorewright.advisor.amounts import share_text
from lorewright.advisor.recommendation import Recommendation
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison, DrillSummary, Estimate, Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar: places are shares of the panel's width, 0 to 1; without an interval low is high."""

    label: str
    text: str
    value: float
    low: float
    high: float
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """One chart: a bar per arm, and what a reader who cannot see it should hear."""

    title: str
    note: str
    bars: tuple[Bar, ...]

    @property
    def spoken(self) -> str:
        """Return the chart as a sentence."""
        return f"{self.title}: " + ", ".join(f"{bar.label} {bar.text}" for bar in self.bars)


def panels(comparison: Comparison, recommendation: Recommendation) -> tuple[Panel, ...]:
    """Return the charts of a comparison: correctness first; those without values are left out."""
    month = {cost.arm: cost.month_usd for cost in recommendation.costs}

    def metric(name: str) -> Callable[[Report], Estimate | None]:
        return lambda report: report.metrics.get(name)

    def cost(report: Report) -> Estimate:
        usd = month[report.arm]
        return Estimate(mean=usd, low=usd, high=usd, n=1)

    drawn = (
        ("Correctness", "higher is better", metric("correctness"), share_text, 1.0),
        ("Right form", "higher is better", metric("form"), share_text, 1.0),
        (
            "Unsupported claims",
            "share of answers, lower is better",
            metric("hallucination_rate"),
            share_text,
            1.0,
        ),
        ("Response time", "median, lower is better", lambda report: report.latency_p50_ms, _ms_text, None),
        ("Monthly cost", "at the stated traffic, lower is better", cost, _usd_text, None),
    )
    drawn_panels = (
        _panel(title, note, value, text, full, comparison, recommendation.arm)
        for title, note, value, text, full in drawn
    )
    return tuple(panel for panel in drawn_panels if panel.bars)


def shares(summary: DrillSummary) -> tuple[tuple[str, float], ...]:
    """Return what a drill's answers of one arm were, as shares of all: right, stale, other."""
    right, stale = summary.share_right.mean, summary.share_stale.mean
    return (("right", right), ("stale", stale), ("other", max(0.0, 1 - right - stale)))


def _panel(
    title: str,
    note: str,
    value: Callable[[Report], Estimate | None],
    text: Callable[[Estimate], str],
    full: float | None,
    comparison: Comparison,
    chosen: str,
) -> Panel:
    """Return a panel; `full` is the value of a full bar, or nothing to take the largest."""
    estimates = [(report.arm, estimate) for report in comparison.reports if (estimate := value(report))]
    scale = full or max((estimate.high for _, estimate in estimates), default=0.0) or 1.0
    return Panel(title=title, note=note, bars=tuple(_bars(estimates, text, scale, chosen)))


def _bars(
    estimates: Sequence[tuple[str, Estimate]], text: Callable[[Estimate], str], scale: float, chosen: str
) -> list[Bar]:
    return [
        Bar(
            label=arm,
            text=text(estimate),
            value=estimate.mean / scale,
            low=estimate.low / scale,
            high=estimate.high / scale,
            is_chosen=arm == chosen,
        )
        for arm, estimate in estimates
    ]


def _ms_text(duration: Estimate) -> str:
    return seconds_text(duration.mean / 1000)


def _usd_text(cost: Estimate) -> str:
    return usd_text(cost.mean)
