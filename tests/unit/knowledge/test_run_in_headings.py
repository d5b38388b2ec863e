"""Headings that stand in the line of their text."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.quotable import quotables


def parts_of(text: str) -> list[str]:
    hit = Hit(Chunk("c#0", "c", "Contract", 0, len(text), text), score=1.0, rank=1)
    return [part.text for part in quotables(hit)]


@pytest.mark.parametrize(
    "text",
    [
        "Termination. Either party may terminate upon 90 days' notice.",
        "Governing law. This Agreement is governed by the laws of the Netherlands.",
    ],
)
def test_a_run_in_heading_is_quoted_with_its_sentence(text: str) -> None:
    """ "Termination." alone answers nothing and took one of the three places."""
    assert parts_of(text) == [text]


def test_short_lines_of_facts_stay_apart() -> None:
    """Each line of a data sheet is a fact of its own."""
    assert parts_of("Capacity: 7 kg\nNoise: 52 dB") == ["Capacity: 7 kg", "Noise: 52 dB"]


def test_a_short_sentence_at_the_end_stays() -> None:
    """Nothing of a text gets lost."""
    assert parts_of("The filter is washed every two months. Never bleach it.") == [
        "The filter is washed every two months.",
        "Never bleach it.",
    ]
