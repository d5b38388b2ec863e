"""Start with one arm now, come back with more examples."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lorewright.advisor import Facts, recommend
from lorewright.advisor.come_back import examples_to_gain
from lorewright.evaluation import Comparison, Estimate
from lorewright.evaluation.learning_curve import CurvePoint, LearningCurve
from lorewright.settings import Settings

Measure = Callable[..., Comparison]


def curve_of(per_50: float, low: float, last: float) -> LearningCurve:
    point = CurvePoint(share=1.0, n_examples=200, correctness=Estimate(mean=last, low=last, high=last, n=60))
    return LearningCurve(
        learner="nearest", points=(point,), per_50=Estimate(mean=per_50, low=low, high=per_50 + 0.02, n=60)
    )


def test_it_says_when_to_come_back(facts: Facts, measure: Measure) -> None:
    """.1 with every doubling and .2 to go: two doublings of 200."""
    per_50 = 0.1 * 0.3219  # log2 of 250 / 200
    curve = curve_of(per_50, per_50 / 1.5, last=0.4)
    assert examples_to_gain(curve, 0.2) == pytest.approx(800, abs=10)
    comparison = replace(measure({"rag": 0.6, "base": 0.1}), curve=curve)
    lines = recommend(facts, comparison, Settings()).would_change
    (plan,) = (line for line in lines if line.startswith("A plan: "))
    assert plan.startswith(
        "A plan: start with rag now, and compare again at about 800 examples (at the slowest"
    )
    assert curve.text in lines


@pytest.mark.parametrize(
    ("curve", "right"),
    [
        (curve_of(0.03, -0.01, last=0.4), {"rag": 0.6}),  # it may not rise at all
        (curve_of(0.001, 0.0005, last=0.4), {"rag": 0.6}),  # it would take millions
        (curve_of(0.03, 0.02, last=0.7), {"rag": 0.6}),  # it is ahead already
        (curve_of(0.03, 0.02, last=0.4), {"hybrid": 0.6}),  # it learns from examples itself
    ],
)
def test_no_plan_is_made_that_the_curve_does_not_bear(
    facts: Facts, measure: Measure, curve: LearningCurve, right: dict[str, float]
) -> None:
    comparison = replace(measure(right), curve=curve)
    lines = recommend(facts, comparison, Settings()).would_change
    assert not any(line.startswith("A plan: ") for line in lines)
