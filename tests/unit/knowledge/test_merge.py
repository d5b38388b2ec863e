"""Hits of several collections as one list."""

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, merge


def hit(name: str, *, score: float, cosine: float, bm25: float | None = None) -> Hit:
    return Hit(Chunk(name, name, name, 0, 4, "text"), score, 1, cosine=cosine, bm25=bm25)


def test_the_best_of_a_poor_collection_does_not_win() -> None:
    """Within its own collection every best hit scores 1; cosines tell which is better."""
    poor = hit("poor", score=1.0, cosine=0.2)
    good = [hit("good", score=1.0, cosine=0.9), hit("fair", score=0.0, cosine=0.5)]
    merged = merge("which?", [poor, *good], dense_weight=1.0)
    assert [found.chunk.id for found in merged] == ["good", "fair", "poor"]
    assert [found.rank for found in merged] == [1, 2, 3]


def test_words_count_where_meaning_does_not() -> None:
    merged = merge(
        "which?",
        [hit("near", score=1.0, cosine=0.9), hit("exact", score=1.0, cosine=0.1, bm25=7.0)],
        dense_weight=0.0,
    )
    assert merged[0].chunk.id == "exact"
