"""How well the documents that answer a question are ranked."""

import pytest

from lorewright.evaluation.ranked import first_right, marks


def test_the_right_document_first_is_all_one_can_wish() -> None:
    found = marks(["a", "b", "c"], ["a"], ["a"])
    assert (found.recall, found.ndcg, found.reciprocal_rank) == (1.0, 1.0, 1.0)


def test_what_is_found_and_not_kept_counts_for_the_rank_only() -> None:
    found = marks(["x", "a"], ["x"], ["a"])
    assert (found.recall, found.reciprocal_rank) == (0.0, 0.5)
    assert found.ndcg == pytest.approx(0.6309, abs=1e-4)


def test_half_of_the_right_ones_is_half_of_the_recall() -> None:
    assert marks(["a", "x"], ["a", "x"], ["a", "b"]).recall == 0.5


def test_nothing_right_below_the_tenth_is_nothing() -> None:
    ranked = [*"0123456789", "a"]
    found = marks(ranked, ranked, ["a"])
    assert (found.ndcg, found.reciprocal_rank, found.recall) == (0.0, 0.0, 1.0)
    assert first_right(ranked, ["a"]) == 11
    assert first_right(ranked, ["b"]) == 0
