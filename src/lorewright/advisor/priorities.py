"""What a recommendation weighs against being right: made-up claims, waiting, money, old facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lorewright.evaluation import (
    Comparison,
    Report,
    Row,
    adjust,
    gaps_of,
    grouped_difference,
    grouped_estimate,
    shared_groups,
)
from lorewright.settings import AUTOMATIC, Preset, Priorities

CORRECTNESS = "correctness"
VALUE = "value"


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """The same in numbers: everything is told in right answers, which count 1.

    `unsupported` is how many right answers an answer with an unsupported claim outweighs,
    `second_points` how many points of correctness a second of waiting takes, `cost_points` how many
    a cheaper arm may lose, and `stale_percent` from how many changed facts in a hundred answered
    with the old one an arm is set aside where facts change often.
    """

    unsupported: float = 0.0
    second_points: float = 0.0
    cost_points: float = 5.0
    stale_percent: float = 20.0

    @property
    def margin(self) -> float:
        """Return how much correctness a cheaper arm may lose at most."""
        return self.cost_points / 100

    @property
    def metric(self) -> str:
        """Return what arms are ranked by: correctness, or what an answer is worth by these weights."""
        return VALUE if self.unsupported or self.second_points else CORRECTNESS


WEIGHTS = ("unsupported", "second_points", "cost_points", "stale_percent")

PRESETS: Mapping[Preset, Weights] = {
    "balanced": Weights(),
    "compliance": Weights(unsupported=2.0, cost_points=2.0, stale_percent=5.0),
    "support-desk": Weights(unsupported=0.5, second_points=1.0),
    "research": Weights(cost_points=0.0, stale_percent=50.0),
    "low-budget": Weights(cost_points=10.0),
}
SUMMARIES: Mapping[Preset, str] = {
    "balanced": "the most correct arm, or one that is as good to within 5 points and cheaper",
    "compliance": "an unsupported claim outweighs two right answers, and old facts rule an arm out",
    "support-desk": "waiting counts: a second takes 1 point, an unsupported claim half a right answer",
    "research": "the most correct arm, whatever it costs",
    "low-budget": "a cheaper arm may lose 10 points of correctness",
}


def weights_in(priorities: Priorities) -> Weights:
    """Return the weights of the preset, with those that the settings name in their place."""
    given = {name: value for name in WEIGHTS if (value := getattr(priorities, name)) != AUTOMATIC}
    return replace(PRESETS[priorities.preset], **given)


def valued(comparison: Comparison, weights: Weights) -> Comparison:
    """Return a comparison whose answers have a value where more than correctness counts."""
    if weights.metric == CORRECTNESS:
        return comparison
    seed = comparison.measured.seed
    reports = tuple(_valued(report, weights, seed) for report in comparison.reports)
    return replace(comparison, reports=reports)


def with_gaps(comparison: Comparison, best: Report, others: Sequence[Report], metric: str) -> Comparison:
    """Return a comparison that has this metric's differences of one arm and the others."""
    if metric == CORRECTNESS:
        return comparison
    gaps = adjust(
        [
            grouped_difference(
                metric,
                (best.arm, ours),
                (report.arm, [0.0] * len(ours)),
                shared_groups(metric, best, report),
                seed=comparison.measured.seed,
            )
            for report in others
            if (ours := gaps_of(metric, best, report))
        ]
    )
    return replace(comparison, differences=(*comparison.differences, *gaps))


def _valued(report: Report, weights: Weights, seed: int) -> Report:
    rows = tuple(replace(row, scores={**row.scores, VALUE: _value(row, weights)}) for row in report.rows)
    value = grouped_estimate([row.scores[VALUE] for row in rows], [row.group for row in rows], seed=seed)
    return replace(report, rows=rows, metrics={**report.metrics, VALUE: value})


def _value(row: Row, weights: Weights) -> float:
    made_up = row.scores.get("hallucination_rate", 0.0)
    waiting = weights.second_points / 100 * row.latency_ms / 1000
    return row.scores["correctness"] - weights.unsupported * made_up - waiting
