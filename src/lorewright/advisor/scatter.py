"""Quality against what it costs: where each arm stands, with intervals, and which are worth a look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lorewright.advisor.costs import ArmCost
from lorewright.evaluation import Comparison, Estimate, Report, estimate

Across = Literal["cost", "latency"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One arm: `across` is US dollars a month or seconds to an answer, `up` is correctness.

    `is_undominated` says that no other arm is both at least as correct and at most as dear.
    """

    arm: str
    across: Estimate
    up: Estimate
    is_chosen: bool
    is_undominated: bool = False


def answer_seconds(comparison: Comparison) -> dict[str, Estimate]:
    """Return the mean seconds to an answer by arm, with intervals: the basis of the costs of local models."""
    return {
        report.arm: estimate([row.latency_ms / 1000 for row in report.rows])
        for report in comparison.reports
        if report.rows
    }


def points(
    comparison: Comparison,
    costs: Sequence[ArmCost],
    chosen: str,
    across: Across,
    seconds: Mapping[str, Estimate],
) -> tuple[Point, ...]:
    """Return every arm as a point; `seconds` are those of `answer_seconds`.

    The interval of a cost is that of the seconds that its answers took; what else makes a month
    expensive is calculated, not measured, and moves the whole.
    """
    cost_of = {cost.arm: cost for cost in costs}
    drawn = [
        Point(
            arm=report.arm,
            across=_latency(report)
            if across == "latency"
            else _month(cost_of[report.arm], seconds.get(report.arm)),
            up=report.correctness,
            is_chosen=report.arm == chosen,
        )
        for report in comparison.reports
        if across == "latency" or report.arm in cost_of
    ]
    return tuple(replace(point, is_undominated=_is_undominated(point, drawn)) for point in drawn)


def _latency(report: Report) -> Estimate:
    half = report.latency_p50_ms
    return Estimate(mean=half.mean / 1000, low=half.low / 1000, high=half.high / 1000, n=half.n)


def _month(cost: ArmCost, seconds: Estimate | None) -> Estimate:
    answers = next(line.usd for line in cost.month if line.label == "answers")
    rest = cost.month_usd - answers
    if seconds is None or seconds.mean <= 0:
        return Estimate(mean=cost.month_usd, low=cost.month_usd, high=cost.month_usd, n=1)
    return Estimate(
        mean=cost.month_usd,
        low=rest + answers * seconds.low / seconds.mean,
        high=rest + answers * seconds.high / seconds.mean,
        n=seconds.n,
    )


def _is_undominated(point: Point, others: Sequence[Point]) -> bool:
    return not any(
        other.up.mean >= point.up.mean
        and other.across.mean <= point.across.mean
        and (other.up.mean > point.up.mean or other.across.mean < point.across.mean)
        for other in others
    )
