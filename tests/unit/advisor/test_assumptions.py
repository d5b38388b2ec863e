"""What would change the verdict, without measuring again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lorewright.advisor import (
    Changes,
    Facts,
    answer_seconds,
    assume,
    assumptions_in,
    points,
    recommend,
    tipping_points,
)
from lorewright.errors import InvalidSetting
from lorewright.evaluation import Comparison
from lorewright.settings import Settings

Measure = Callable[..., Comparison]
ALIKE = {"tuned": 0.80, "hybrid": 0.82, "base": 0.1}
MANY = 300
"""Enough questions to show that tuned is as good as hybrid to within the margin."""


def test_other_assumptions_give_another_verdict_from_the_same_measurement(
    facts: Facts, measure: Measure
) -> None:
    comparison = measure(ALIKE, n=MANY, is_drilled=False)
    still = replace(facts, changes=Changes(stated_per_month=0))
    assumed = assumptions_in(Settings())
    busy = replace(assumed, questions_per_month=10_000_000, changes_per_month=0.0)
    assert recommend(*_with(assume(assumed, still, Settings()), comparison)).arm == "hybrid"
    assert recommend(*_with(assume(busy, still, Settings()), comparison)).arm == "tuned"


def test_the_point_where_the_verdict_tips_is_where_it_tips(facts: Facts, measure: Measure) -> None:
    comparison = measure(ALIKE, n=MANY, is_drilled=False)
    still = replace(facts, changes=Changes(stated_per_month=0))
    assumed = replace(assumptions_in(Settings()), changes_per_month=0.0)
    found = tipping_points(still, comparison, Settings(), assumed)
    tipping = next(one for one in found if one.assumption == "questions_per_month" and one.is_above)
    assert tipping.arm == "tuned"
    for factor, arm in ((0.99, "hybrid"), (1.01, "tuned")):
        moved = replace(assumed, questions_per_month=round(tipping.at * factor))
        assert recommend(*_with(assume(moved, still, Settings()), comparison)).arm == arm


def test_what_is_measurably_best_does_not_tip(facts: Facts, measure: Measure) -> None:
    comparison = measure({"base": 0.1, "hybrid": 0.9})
    assert tipping_points(facts, comparison, Settings(), assumptions_in(Settings())) == ()


def test_an_assumption_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="questions_per_month is -1"):
        replace(assumptions_in(Settings()), questions_per_month=-1)


def test_assumptions_are_kept_where_the_settings_are_read() -> None:
    kept = assumptions_in(Settings()).as_settings
    assert kept["traffic.questions_per_month"] == Settings().traffic.questions_per_month
    assert kept["traffic.changes_per_month"] is None


def test_an_arm_that_is_worse_and_dearer_is_dominated(facts: Facts, measure: Measure) -> None:
    comparison = measure()
    advice = recommend(facts, comparison, Settings())
    drawn = points(comparison, advice.costs, advice.arm, "cost", answer_seconds(comparison))
    by_arm = {point.arm: point for point in drawn}
    assert by_arm["hybrid"].is_undominated
    assert by_arm["hybrid"].is_chosen
    assert not by_arm["rag"].is_undominated or by_arm["rag"].across.mean < by_arm["tuned"].across.mean
    assert all(point.across.low <= point.across.mean <= point.across.high for point in drawn)


def test_advice_on_a_comparison_from_elsewhere_says_so(facts: Facts, measure: Measure) -> None:
    here = measure()
    origin = "measured before shipping, on 1 May 2026, not on this machine"
    shipped = replace(here, measured=replace(here.measured, origin=origin))
    assert origin in recommend(facts, shipped, Settings()).reasons[0]
    assert not any("shipping" in reason for reason in recommend(facts, here, Settings()).reasons)


def _with(assumed: tuple[Facts, Settings], comparison: Comparison) -> tuple[Facts, Comparison, Settings]:
    return assumed[0], comparison, assumed[1]
