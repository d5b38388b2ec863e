"""Hits that say the same as a better one."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, without_copies

RULES = (
    "Everybody who leaves the building after eight in the evening switches off the lights of the corridor, "
    "locks both doors, and leaves the key with the porter, who writes the hour into the book. Whoever finds "
    "a door open tells the porter at once."
)


def kept(*texts: str) -> list[tuple[str, int]]:
    """Return the documents that are left and how many others each stands for."""
    hits = [
        Hit(Chunk(str(n), f"{n}.md", "", start=0, end=len(text), text=text), score=1 / n, rank=n)
        for n, text in enumerate(texts, start=1)
    ]
    return [(hit.chunk.document_id, len(hit.also)) for hit in without_copies(hits, n=5)]


@pytest.mark.parametrize(
    "again",
    [
        RULES.upper(),
        RULES.replace(" ", "\n  "),
        RULES.replace("porter, who", "guard, who"),
        RULES.replace("building", "**building**").replace("doors", '"doors"'),
    ],
)
def test_what_differs_by_little_is_a_copy(again: str) -> None:
    assert kept(RULES, again) == [("1.md", 1)]


@pytest.mark.parametrize(
    "other",
    [
        RULES.replace("eight", "8"),
        RULES.replace("lights", "heating").replace("doors", "windows").replace("book", "list"),
        "The porter tells everybody at once who leaves the building.",
        RULES + " " + RULES.replace("door", "gate").replace("porter", "cook").replace("the", "a"),
    ],
)
def test_other_numbers_or_other_words_are_no_copy(other: str) -> None:
    assert kept(RULES, other) == [("1.md", 0), ("2.md", 0)]


def test_short_texts_and_texts_without_spaces_are_compared_whole() -> None:
    assert kept("Room 12 is free.", "room 12 is free", "Room 13 is free.") == [("1.md", 1), ("3.md", 0)]
    assert kept(
        "十二号会议室有十二把椅子。钥匙挂在钩子上。", "十二号会议室有十二把椅子。 钥匙挂在钩子上。"
    ) == [("1.md", 1)]
    assert kept("!", "?") == [("1.md", 1)]
