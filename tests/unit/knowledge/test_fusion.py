"""Two rankings into one."""

import pytest

from lorewright.knowledge import Known, fit_weight, fuse


def test_what_both_sides_found_comes_before_what_one_did() -> None:
    fused = fuse({"a": 9.0, "b": 7.0, "c": 3.0}, {"b": 0.9, "d": 0.8, "e": 0.1})

    assert fused[0][0] == "b"


def test_a_side_that_is_ahead_by_far_wins_over_one_that_wavers() -> None:
    """Reciprocal ranks would put both first ones level."""
    fused = fuse({"sure": 20.0, "b": 2.0, "c": 1.0}, {"guess": 0.31, "d": 0.30, "sure": 0.30, "e": 0.1})

    assert fused[0][0] == "sure"


@pytest.mark.parametrize(("dense_weight", "first"), [(0.0, "text"), (1.0, "dense")])
def test_the_weight_decides_who_is_heard(dense_weight: float, first: str) -> None:
    fused = fuse({"text": 2.0, "dense": 1.0}, {"dense": 0.9, "text": 0.2}, dense_weight=dense_weight)

    assert fused[0] == (first, 1.0)


def test_ties_keep_their_order() -> None:
    assert [key for key, _ in fuse({"a": 1.0, "b": 1.0}, {"c": 1.0})] == ["a", "b", "c"]


def test_nothing_found_is_nothing_fused() -> None:
    assert fuse({}, {}) == []


def test_the_weight_fits_the_side_that_is_right() -> None:
    dense_is_right = Known({"no": 2.0, "yes": 1.0}, {"yes": 0.9, "no": 0.1}, frozenset({"yes"}))

    assert fit_weight([dense_is_right] * 50) > 0.5


def test_a_handful_of_questions_changes_nothing() -> None:
    dense_is_right = Known({"no": 2.0, "yes": 1.0}, {"yes": 0.9, "no": 0.1}, frozenset({"yes"}))

    assert fit_weight([]) == 0.5
    assert fit_weight([dense_is_right], default=0.3) <= 0.6
