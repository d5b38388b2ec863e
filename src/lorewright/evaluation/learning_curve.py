"""Whether more examples would help: correctness with an eighth, a quarter, half and all of them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean
from typing import TypeVar

from lorewright.evaluation.estimate import Estimate
from lorewright.evaluation.groups import grouped_estimate

SHARES = (0.12, 0.25, 0.5, 1.0)
MORE = 50
FLAT_POINTS = 1.0
"""Less than this for 50 more examples is not worth writing them."""
_DRAWS = {0.12: 4, 0.25: 3, 0.5: 2, 1.0: 1}

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True, slots=True)
class CurvePoint:
    """Correctness with a share of the examples, over random draws of so many."""

    share: float
    n_examples: int
    correctness: Estimate


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningCurve:
    """How correctness grows with the number of examples for `learner`.

    `per_50` is what 50 more examples would bring, as a share of the questions, if it goes on as it
    went: correctness grows by about the same with every doubling (Hestness et al. 2017).
    """

    learner: str
    points: tuple[CurvePoint, ...]
    per_50: Estimate

    @property
    def n_examples(self) -> int:
        """Return how many examples there are."""
        return self.points[-1].n_examples

    @property
    def is_flat(self) -> bool:
        """Whether 50 more examples are shown to bring less than a point."""
        return self.per_50.high * 100 < FLAT_POINTS

    @property
    def text(self) -> str:
        """Return the answer to “enough examples?” in sentences."""
        points = ", ".join(f"{point.n_examples}: {point.correctness.mean:.0%}" for point in self.points)
        gain = self.per_50
        figures = f"{gain.mean * 100:+.1f} points (95% {gain.low * 100:+.1f} to {gain.high * 100:+.1f}"
        if self.is_flat:
            verdict = f"More examples would not help {self.learner}, the curve is flat: 50 more would bring"
        elif gain.low > 0:
            verdict = f"More examples would help {self.learner}: 50 more would bring"
        else:
            verdict = f"Unclear whether more examples would help {self.learner}: 50 more would bring"
        return f"{verdict} {figures}, n={gain.n}). Correctness by number of examples: {points}."


def learning_curve(
    learner: str,
    examples: Sequence[Item],
    score: Callable[[Sequence[Item]], Sequence[float]],
    *,
    groups: Sequence[str],
    seed: int = 0,
) -> LearningCurve:
    """Return the curve of a learner; `score` returns, for some of the examples, a score by question.

    The interval allows for which questions were asked, and for their `groups`; which examples were
    drawn is averaged over a few draws, more of them for the smaller shares.
    """
    draw, n = random.Random(seed), len(examples)  # noqa: S311 - the same draws every time
    by_share: list[tuple[CurvePoint, list[float]]] = []
    for share in SHARES:
        n_taken = max(1, round(share * n))
        drawn = [score(draw.sample(list(examples), n_taken)) for _ in range(_DRAWS[share])]
        scores = [fmean(values) for values in zip(*drawn, strict=True)]
        correctness = grouped_estimate(scores, groups, seed=seed)
        point = CurvePoint(share=share, n_examples=n_taken, correctness=correctness)
        by_share.append((point, scores))
    doublings = [log2(point.n_examples) for point, _ in by_share]
    weights = _slope_weights(doublings)
    step = log2((n + MORE) / n)
    gains = [
        step * sum(weight * value for weight, value in zip(weights, values, strict=True))
        for values in zip(*(scores for _, scores in by_share), strict=True)
    ]
    return LearningCurve(
        learner=learner,
        points=tuple(point for point, _ in by_share),
        per_50=grouped_estimate(gains, groups, seed=seed),
    )


def _slope_weights(places: Sequence[float]) -> list[float]:
    """Return what each value counts in the slope of the least-squares line over these places."""
    middle = fmean(places)
    spread = sum((place - middle) ** 2 for place in places)
    return [(place - middle) / spread if spread else 0.0 for place in places]
