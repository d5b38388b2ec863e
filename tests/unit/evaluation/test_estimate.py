"""Figures that can be believed."""

import pytest

from lorewright.evaluation import difference, estimate
from lorewright.evaluation.estimate import estimate_quantile


def test_a_mean_comes_with_its_interval_and_n() -> None:
    assert str(estimate([1.0] * 82 + [0.0] * 18)) == "0.82 (0.74 to 0.89, n=100)"


def test_the_same_scores_give_the_same_interval() -> None:
    """An interval that moves between two page loads helps nobody."""
    assert estimate([0.1, 0.9, 0.4] * 20) == estimate([0.1, 0.9, 0.4] * 20)


def test_ten_of_ten_is_not_certainty() -> None:
    assert estimate([1.0] * 10).low == pytest.approx(0.69, abs=0.01)
    assert estimate([0.0] * 10).high == pytest.approx(0.31, abs=0.01)


def test_a_clear_difference_is_measurable_and_a_small_one_is_not() -> None:
    good, fair, poor = [1.0] * 45 + [0.0] * 5, [0.0] * 3 + [1.0] * 41 + [0.0] * 6, [0.0] * 40 + [1.0] * 10
    clear = difference("correctness", ("hybrid", good), ("base", poor))
    close = difference("correctness", ("hybrid", good), ("rag", fair))
    assert clear.is_measurable
    assert clear.mean == pytest.approx(0.7)
    assert not close.is_measurable
    assert close.low <= 0 <= close.high or close.p_value >= 0.05


def test_three_questions_never_make_a_difference() -> None:
    """All three favour one arm: the bootstrap is sure of itself, a coin would do it once in four."""
    found = difference("correctness", ("rag", [1.0] * 3), ("base", [0.0] * 3))
    assert found.low == 1.0
    assert found.p_value == pytest.approx(0.25, abs=0.03)
    assert not found.is_measurable


def test_a_quantile_comes_with_its_interval() -> None:
    found = estimate_quantile([float(n) for n in range(1, 101)], 0.95)
    assert found.low < found.mean < found.high
    assert found.mean == pytest.approx(95, abs=1)
