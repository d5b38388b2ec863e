"""Votes for the best of several answers, counted."""

import pytest

from lorewright.evaluation.preference import Ballot, preferences

PAIR = ("rag", "base")


def test_wins_losses_and_ties_are_counted_by_model() -> None:
    told = preferences([Ballot(PAIR, "rag"), Ballot(PAIR, "rag"), Ballot(PAIR, "base"), Ballot(PAIR, None)])

    rag, base = told.models
    assert (rag.model, rag.n_won, rag.n_lost, rag.n_tied) == ("rag", 2, 1, 1)
    assert (base.model, base.n_won, base.n_lost, base.n_tied) == ("base", 1, 2, 1)
    assert rag.share is not None
    assert rag.share.n == 3
    assert rag.share.mean == pytest.approx(2 / 3)
    (duel,) = told.duels
    assert (duel.left, duel.n_left, duel.right, duel.n_right, duel.n_tied) == ("rag", 2, "base", 1, 1)


def test_a_few_votes_for_one_alone_prove_little() -> None:
    """Three wins of three are no certainty."""
    rag = preferences([Ballot(PAIR, "rag")] * 3).models[0]

    assert rag.share is not None
    assert (rag.share.mean, rag.share.high) == (1.0, 1.0)
    assert rag.share.low < 0.5


def test_what_chance_would_give_depends_on_how_many_stood() -> None:
    """Of six a model wins seldom, of two often: without this their shares could not be read."""
    six = tuple("abcdef")
    told = {
        one.model: one.by_chance for one in preferences([Ballot(six, "a"), Ballot(("a", "b"), "a")]).models
    }

    assert told["a"] == pytest.approx((1 / 6 + 1 / 2) / 2)
    assert told["c"] == pytest.approx(1 / 6)


def test_a_loser_has_not_lost_against_another_loser() -> None:
    """Who was best of three says nothing of the other two."""
    pairs = {(duel.left, duel.right) for duel in preferences([Ballot(("a", "b", "c"), "a")]).duels}

    assert pairs == {("a", "b"), ("a", "c")}


def test_ties_alone_decide_nothing() -> None:
    (first, second) = preferences([Ballot(PAIR, None)]).models

    assert (first.share, first.by_chance, second.share) == (None, None, None)


def test_no_votes_are_no_preferences() -> None:
    assert preferences([]).models == ()
