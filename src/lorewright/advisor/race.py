"""Which arms may be taken, which may still turn out best, and which are out, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.evaluation import (
    MOST_BY_CHANCE,
    Comparison,
    Difference,
    Report,
    gaps_of,
    n_to_decide,
    widened,
    wilson,
)

MARGIN = 0.05
"""How much correctness a cheaper arm may lose at most, and how many more of its answers may hold an
unsupported claim: 5 of 100 questions."""
GOOD_ENOUGH = 0.5
LEAST_QUESTIONS = 20
MOST_UNSUPPORTED = 0.5
SAME_COST_USD = 1.0
SAME_COST_SHARE = 0.05

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
    """The arms of a comparison by their place, and the one with the highest correctness.

    `gaps` are the best arm minus every other, with intervals to test non-inferiority with. The
    arms in `pool` may be taken: which of them is a matter of cost.
    """

    best: Report
    places: Mapping[str, Place]
    gaps: Mapping[str, Difference]
    pool: tuple[Report, ...]

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
        return max((n_to_decide(self.gaps[arm], MARGIN) for arm in self.undecided), default=0)


def run_race(comparison: Comparison, standing: Sequence[Report]) -> Race:
    """Return the place of every arm; only those that stand can be taken.

    A cheaper arm is as good only where that is shown: the whole interval of what it loses lies
    below the margin (a non-inferiority test). That no difference was measured shows nothing.
    Arms that got nothing right, whose answers are mostly unsupported or whose interval ends below
    the best arm's mean are out, whatever they cost.
    """
    fit = [report for report in standing if _is_some_right(report) and not is_mostly_unsupported(report)]
    best = max(fit or standing, key=lambda report: (report.correctness.mean, report.share_right.mean))
    others = [report for report in standing if report is not best]
    gaps = {report.arm: gap for report in others if (gap := _gap("correctness", best, report, comparison))}
    names = {report.arm for report in standing}
    places: dict[str, Place] = {
        report.arm: _place(report, best, gaps.get(report.arm), comparison) if report.arm in names else "stale"
        for report in comparison.reports
    }
    pool = [report for report in standing if _may_be_taken(report, best, places)]
    return Race(best=best, places=places, gaps=gaps, pool=tuple(_careful(pool, comparison)))


def choose(race: Race, price: Mapping[str, float]) -> Report:
    """Return the cheapest arm of the pool; of those that cost about the same, the most correct."""
    cheapest = min(price[report.arm] for report in race.pool)
    about_as_cheap = [report for report in race.pool if is_same_cost(price[report.arm], cheapest)]
    return max(about_as_cheap, key=lambda report: report.correctness.mean)


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


def _place(report: Report, best: Report, gap: Difference | None, comparison: Comparison) -> Place:
    if report is best:
        return "best"
    if not _is_some_right(report):
        return "nothing-right"
    if is_mostly_unsupported(report):
        return "unsupported"
    if gap and gap.high <= MARGIN:
        claims = _gap("hallucination_rate", report, best, comparison)
        return "more-claims" if claims and claims.high > MARGIN else "as-good"
    measured = comparison.difference(best.arm, report.arm)
    is_behind = report.correctness.high < best.correctness.mean
    is_worse = measured is None or (measured.is_measurable and measured.mean > 0)
    return "worse" if is_behind or is_worse else "undecided"


def _may_be_taken(report: Report, best: Report, places: Mapping[str, Place]) -> bool:
    """Whether an arm is the best, shown to be as good, or undecided and exactly level with it."""
    is_level = report.correctness.mean >= best.correctness.mean - 1e-9
    return places[report.arm] in ("best", "as-good") or (places[report.arm] == "undecided" and is_level)


def _careful(pool: Sequence[Report], comparison: Comparison) -> list[Report]:
    """Return the arms that do not make measurably more unsupported claims than another one of them.

    More by less than the margin, if that is shown, does not count.
    """

    def is_beaten(report: Report, other: Report) -> bool:
        claims = _gap("hallucination_rate", report, other, comparison)
        return claims is not None and claims.low > 0 and claims.high > MARGIN

    return [report for report in pool if not any(is_beaten(report, other) for other in pool)] or list(pool)


def _gap(metric: str, left: Report, right: Report, comparison: Comparison) -> Difference | None:
    """Return left minus right with an interval that is honest for few answers, too."""
    gap = comparison.difference(left.arm, right.arm, metric)
    return widened(gap, gaps_of(metric, left, right)) if gap else None
