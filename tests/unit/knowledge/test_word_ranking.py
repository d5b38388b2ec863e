"""Hits ranked by the words they share with a question."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, reordered, word_scores


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(Chunk(text, "a.md", "", 0, len(text), text), 1.0 - place / 10, place + 1)
        for place, text in enumerate(texts)
    ]


def test_a_rare_word_counts_more_than_one_that_every_hit_holds() -> None:
    scores = word_scores(
        "Debian version stretch", hits("Debian version 9 is stretch", "Debian version 10", "Debian")
    )

    assert scores[0] > scores[1] > scores[2]


def test_words_that_stand_together_as_in_the_question_count_again() -> None:
    near, far = hits(
        "parental leave lasts longer than most people think it does",
        "parental duties last longer than most people think, then leave",
    )

    left, right = word_scores("parental leave", [near, far])

    assert left > right


def test_a_hit_that_shares_no_word_scores_nothing() -> None:
    assert word_scores("pension", hits("leave", "pay")) == [0.0, 0.0]
    assert word_scores("pension", []) == []


def test_two_scores_are_mixed_in_the_same_range() -> None:
    ordered = reordered(hits("a", "b", "c"), [0.0, 5.0, 50.0], weight=0.5)

    assert [(hit.chunk.text, hit.rank) for hit in ordered] == [("a", 1), ("c", 2), ("b", 3)]
    assert ordered[2].score == pytest.approx((0.5 + 0.1) / 2)
