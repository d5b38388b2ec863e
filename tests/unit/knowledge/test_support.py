"""Sentences that nothing supports."""

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, cite
from lorewright.knowledge.support import unsupported_sentences

LEAVE = "Every employee has 28 days of leave a year."


def hit(text: str) -> Hit:
    return Hit(Chunk("c1", "leave.md", "Leave", 0, len(text), text), score=1.0, rank=1)


def marked(text: str, *, claims: tuple[str, ...] = ()) -> list[str]:
    hits = [hit(LEAVE)]
    spans = unsupported_sentences(text, hits, cite(text, hits), claims=claims)
    return [text[start:end] for start, end in spans]


def test_a_supported_sentence_is_not_marked() -> None:
    assert marked("Every employee has 28 days of leave.") == []


def test_a_sentence_that_stands_nowhere_is_marked_alone() -> None:
    assert marked(f"{LEAVE} Parking garages close before midnight.") == [
        "Parking garages close before midnight."
    ]


def test_a_sentence_with_a_claim_that_no_source_holds_is_marked() -> None:
    assert marked("Every employee has 30 days of leave a year.", claims=("30",)) == [
        "Every employee has 30 days of leave a year."
    ]
    assert marked("Every employee has 28 days of leave a year.", claims=("8",)) == []


def test_what_says_little_or_asks_is_not_marked() -> None:
    assert marked("Yes, of course. Do you want to know more about parking garages?") == []
