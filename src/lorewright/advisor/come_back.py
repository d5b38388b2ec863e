"""A plan in time: start with one arm now, and come back when there are so many examples."""

from collections.abc import Iterator
from math import log2

from lorewright.advisor.arms import traits
from lorewright.evaluation import Comparison, Report
from lorewright.evaluation.learning_curve import MORE, LearningCurve

MOST_TIMES = 20
"""A number of examples further off than this many times those there are is no plan."""


def come_back(chosen: Report, curve: LearningCurve, comparison: Comparison) -> Iterator[str]:
    """Yield from how many examples on an arm that learns from them could be level with the chosen one.

    By what every doubling brought so far; nothing where the curve does not rise for sure, where the
    chosen arm learns from examples itself, or where it would take more than `MOST_TIMES` as many.
    """
    arm = traits(chosen.arm, comparison)
    if arm.tuned or curve.per_50.low <= 0 or chosen.arm == curve.learner:
        return
    behind = chosen.share_right.mean - curve.points[-1].correctness.mean
    n = examples_to_gain(curve, behind)
    if behind <= 0 or n > MOST_TIMES * curve.n_examples:
        return
    latest = examples_to_gain(curve, behind, gain=curve.per_50.low)
    until = f" (at the slowest {latest:,})" if latest <= MOST_TIMES * curve.n_examples else ""
    yield (
        f"A plan: start with {chosen.arm} now, and compare again at about {n:,} examples{until}. If every "
        f"doubling goes on bringing what it did, {curve.learner} is then level with it, and tuned arms have "
        "as much to learn from."
    )


def examples_to_gain(curve: LearningCurve, gain_wanted: float, *, gain: float | None = None) -> int:
    """Return how many examples it takes to gain so much, by what 50 more are reckoned to bring."""
    per_doubling = (curve.per_50.mean if gain is None else gain) / log2(
        (curve.n_examples + MORE) / curve.n_examples
    )
    doublings = min(60.0, gain_wanted / per_doubling)
    n = round(curve.n_examples * float(2.0**doublings))
    return round(n, -1) if n >= 100 else n
