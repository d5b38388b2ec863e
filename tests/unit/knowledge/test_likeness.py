"""Hits that say the same."""

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, diverse, without_near_duplicates


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(Chunk(f"{place}", "a.md", "", 0, len(text), text), 1.0 - place / 10, place + 1)
        for place, text in enumerate(texts)
    ]


def test_a_copy_is_left_out_and_a_text_about_the_same_is_kept() -> None:
    found = hits(
        "Parental leave lasts 14 months for both parents together.",
        "Parental leave lasts 14 months for both parents together!",
        "Parental leave is asked for 7 weeks before it begins.",
    )

    assert without_near_duplicates(found, share=0.8) == [found[0], found[2]]


def test_short_texts_are_the_same_only_word_for_word() -> None:
    found = hits("Green card.", "Red card.", "green cards")

    assert without_near_duplicates(found, share=0.5) == [found[0], found[1]]


def test_what_repeats_is_chosen_later_and_keeps_its_score() -> None:
    found = hits("office parking rules", "office parking", "parental leave")

    chosen = diverse(found, 2, weight=0.5)

    assert [(hit.chunk.text, hit.rank, hit.score) for hit in chosen] == [
        ("office parking rules", 1, 1.0),
        ("parental leave", 2, 0.8),
    ]
    assert [hit.chunk.text for hit in diverse(found, 3, weight=0.0)] == [hit.chunk.text for hit in found]
