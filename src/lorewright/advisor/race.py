"""Which arms may be taken, which may still turn out best, and which are out, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lorewright.advisor.priorities import Weights, with_gaps
from lorewright.evaluation import (
    MOST_BY_CHANCE,
    Comparison,
    Difference,
    Estimate,
    Report,
    apart,
    difference_of_groups,
    effect_of,
    gaps_of,
    groups_of,
    n_to_decide,
    n_to_see,
    smallest_seen,
    widened,
    wilson,
)

GOOD_ENOUGH = 0.5
LEAST_QUESTIONS = 20
MOST_UNSUPPORTED = 0.5
SAME_COST_USD = 1.0
SAME_COST_SHARE = 0.05
USUAL_MARGIN = Weights().margin
"""The difference that the number of questions to ask is reckoned for."""

Place = Literal[
    "best",
    "as-good",
    "undecided",
    "worse",
    "more-claims",
    "unsupported",
    "nothing-right",
    "stale",
]
"""`as-good` is shown to lose less than the margin; `undecided` is shown to be neither that nor worse;
`more-claims` is as correct, but not shown to make no more unsupported claims."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Race:
    """The arms of a comparison by their place, and the one that is best by what the user weighs.

    `gaps` are the best arm minus every other, with intervals to test non-inferiority with. The
    arms in `pool` may be taken: which of them is a matter of cost.
    """

    best: Report
    places: Mapping[str, Place]
    gaps: Mapping[str, Difference]
    pool: tuple[Report, ...]
    weights: Weights = field(default_factory=Weights)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Return the arms that may be better or worse than the best one: nobody knows yet."""
        return tuple(arm for arm, place in self.places.items() if place == "undecided")

    @property
    def running(self) -> tuple[str, ...]:
        """Return the arms that may still turn out best."""
        return tuple(arm for arm, place in self.places.items() if place in ("best", "undecided"))

    @property
    def n_to_decide(self) -> int:
        """Return about how many questions would tell the undecided arms from the best; 0 if none is."""
        open_gaps = [self.gaps[arm] for arm in self.undecided]
        margin = max(self.weights.margin, USUAL_MARGIN)
        return max((n_to_decide(gap, margin, n_tested=len(open_gaps)) for gap in open_gaps), default=0)

    @property
    def power(self) -> "Power | None":
        """Return what so many questions can tell apart, `None` where there is one arm."""
        rivals = [gap for arm, gap in self.gaps.items() if self.places[arm] != "nothing-right"]
        nearest = min(rivals or self.gaps.values(), key=lambda gap: gap.mean, default=None)
        if nearest is None:
            return None
        n_tested = max(1, len(self.gaps))
        return Power(
            rival=nearest.right,
            n=nearest.n,
            smallest=smallest_seen(nearest, n_tested=n_tested),
            n_for_margin=n_to_see(nearest, USUAL_MARGIN, n_tested=n_tested),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Power:
    """What questions can tell of the best arm and its nearest `rival`.

    `smallest` is the difference that `n` questions see four times in five; `n_for_margin` questions
    would see 5 points so.
    """

    rival: str
    n: int
    smallest: float
    n_for_margin: int


def run_race(comparison: Comparison, standing: Sequence[Report], weights: Weights | None = None) -> Race:
    """Return the place of every arm; only those that stand can be taken.

    A cheaper arm is as good only where that is shown: the whole interval of what it loses lies
    below the margin (a non-inferiority test), and its own interval reaches the best arm's mean. That
    no difference was measured shows nothing. Arms that got nothing right, whose answers are mostly
    unsupported or whose interval ends below the best arm's mean are out, whatever they cost. With
    other weights than the usual ones it goes by the value of answers (`valued`), not by correctness.
    """
    weights = weights or Weights()
    metric = weights.metric
    fit = [report for report in standing if _is_some_right(report) and not is_mostly_unsupported(report)]
    best = max(fit or standing, key=lambda report: (report.metrics[metric].mean, report.share_right.mean))
    others = [report for report in standing if report is not best]
    comparison = with_gaps(comparison, best, others, metric)
    gaps = {report.arm: _gap(metric, best, report, comparison) for report in others}
    names = {report.arm for report in standing}
    places: dict[str, Place] = {
        report.arm: _place(report, best, gaps.get(report.arm), comparison, weights)
        if report.arm in names
        else "stale"
        for report in comparison.reports
    }
    pool = [report for report in standing if _may_be_taken(report, best, places, metric)]
    careful = _careful(pool, comparison, weights.margin)
    return Race(best=best, places=places, gaps=gaps, pool=tuple(careful), weights=weights)


def choose(race: Race, price: Mapping[str, float]) -> Report:
    """Return the cheapest arm of the pool; of those that cost about the same, the best one."""
    cheapest = min(price[report.arm] for report in race.pool)
    about_as_cheap = [report for report in race.pool if is_same_cost(price[report.arm], cheapest)]
    return max(about_as_cheap, key=lambda report: report.metrics[race.weights.metric].mean)


def is_same_cost(one_usd: float, other_usd: float) -> bool:
    """Whether two prices a month are the same to within a dollar or five per cent."""
    return abs(one_usd - other_usd) <= max(SAME_COST_USD, SAME_COST_SHARE * min(one_usd, other_usd))


def is_shown_good(report: Report, comparison: Comparison) -> bool:
    """Whether an arm is right at least half the time, as far as enough questions show (Wilson 1927).

    Where wrong answers often count as right, being right says nothing.
    """
    right = report.share_right
    is_right = right.n >= LEAST_QUESTIONS and wilson(right.mean, right.n)[0] >= GOOD_ENOUGH
    return is_right and not is_mostly_unsupported(report) and not is_by_chance(comparison)


def is_by_chance(comparison: Comparison) -> bool:
    """Whether too many answers to other questions would count as right."""
    return comparison.chance_rate is not None and comparison.chance_rate >= MOST_BY_CHANCE


def is_mostly_unsupported(report: Report) -> bool:
    """Whether most of an arm's answers hold a claim that nothing supports."""
    claims = report.metrics.get("hallucination_rate")
    return claims is not None and claims.mean > MOST_UNSUPPORTED


def _is_some_right(report: Report) -> bool:
    return report.share_right.mean > 0.0


def _place(
    report: Report, best: Report, gap: Difference | None, comparison: Comparison, weights: Weights
) -> Place:
    if report is best or gap is None:
        return "best"
    if not _is_some_right(report):
        return "nothing-right"
    if is_mostly_unsupported(report):
        return "unsupported"
    if _is_behind(report.metrics[weights.metric], best.metrics[weights.metric]):
        return "worse"
    if gap.high <= weights.margin:
        claims = _gap("hallucination_rate", report, best, comparison)
        return "more-claims" if claims.high > max(weights.margin, USUAL_MARGIN) else "as-good"
    measured = comparison.difference(best.arm, report.arm, weights.metric) or gap
    return "worse" if measured.is_measurable and measured.mean > 0 else "undecided"


def _is_behind(figure: Estimate, best: Estimate) -> bool:
    """Whether an arm's interval ends below the best arm's mean."""
    return figure.high < best.mean


def _may_be_taken(report: Report, best: Report, places: Mapping[str, Place], metric: str) -> bool:
    """Whether an arm is the best, shown to be as good, or undecided and exactly level with it."""
    is_level = report.metrics[metric].mean >= best.metrics[metric].mean - 1e-9
    return places[report.arm] in ("best", "as-good") or (places[report.arm] == "undecided" and is_level)


def _careful(pool: Sequence[Report], comparison: Comparison, margin: float) -> list[Report]:
    """Return the arms that do not make measurably more unsupported claims than another one of them.

    More by less than the margin, if that is shown, does not count.
    """

    def is_beaten(report: Report, other: Report) -> bool:
        claims = _gap("hallucination_rate", report, other, comparison)
        return claims.low > 0 and claims.high > margin

    def is_beaten_by_any(report: Report) -> bool:
        return any(is_beaten(report, other) for other in pool if other is not report)

    return [report for report in pool if not is_beaten_by_any(report)] or list(pool)


def _gap(metric: str, left: Report, right: Report, comparison: Comparison) -> Difference:
    """Return left minus right with an interval that is honest for few answers, too.

    Arms that answered no question in common are compared as two groups. Where one of them has no
    such figure, nothing is known to differ.
    """
    gaps = gaps_of(metric, left, right)
    gap = comparison.difference(left.arm, right.arm, metric)
    if gaps and gap:
        return widened(gap, gaps, effect=effect_of(metric, left, right))
    ours, theirs = groups_of(metric, left, right)
    if not ours or not theirs:
        return Difference(
            left=left.arm, right=right.arm, metric=metric, mean=0.0, low=0.0, high=0.0, p_value=1.0, n=0
        )
    seed = comparison.measured.seed
    groups = difference_of_groups(metric, (left.arm, ours), (right.arm, theirs), seed=seed)
    return apart(ours, theirs, groups)
