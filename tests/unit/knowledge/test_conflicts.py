"""Documents that contradict each other on what is asked."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.conflicts import conflicts


def hit(document_id: str, text: str, *, title: str = "", path: tuple[str, ...] = ()) -> Hit:
    return Hit(Chunk(document_id, document_id, title, 0, len(text), text, path), score=1.0, rank=1)


FEE_OLD = hit("2025/fees.md", "The annual fee is 20 crowns. It is paid in May.", title="Fees 2025")
FEE_NEW = hit("2026/fees.md", "The annual fee is 35 crowns. It is paid in May.", title="Fees")


def test_two_documents_with_another_number_for_the_same_thing_conflict() -> None:
    """Who reads one of them alone is misled without a word."""
    (found,) = conflicts("What is the annual fee?", [FEE_OLD, FEE_NEW])

    assert {found.first.value, found.second.value} == {"20 crowns", "35 crowns"}
    assert found.second.text == "The annual fee is 35 crowns."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The annual fee is 20 crowns.", "The annual fee is twenty crowns."),
        ("The annual fee is 20 crowns.", "The annual fee is 20 crowns, paid in May."),
        ("The annual fee is 20 crowns.", "The annual meeting is on 20 May."),
        ("The annual fee for Prague is 20 crowns.", "The annual fee for Brno is 35 crowns."),
        ("The annual fee was 20 crowns in 2019.", "The annual fee was 35 crowns in 2024."),
    ],
)
def test_what_says_the_same_or_something_else_does_not_conflict(one: str, other: str) -> None:
    """A false alarm on every second answer would be ignored, and the true one with it."""
    assert conflicts("What is the annual fee?", [hit("a.md", one), hit("b.md", other)]) == ()


def test_the_same_line_below_other_headings_is_about_another_thing() -> None:
    """Every plan has a price."""
    basic = hit("basic.md", "Price: 9 euros a month", title="Plans", path=("Basic",))
    premium = hit("premium.md", "Price: 15 euros a month", title="Plans", path=("Premium",))

    assert conflicts("What is the price a month?", [basic, premium]) == ()


def test_what_was_not_asked_for_is_left_alone() -> None:
    """Neither answer rests on it."""
    assert conflicts("When does the desk open?", [FEE_OLD, FEE_NEW]) == ()


def test_one_document_does_not_contradict_itself() -> None:
    """Its table of earlier fees is no conflict."""
    again = hit("2026/fees.md", "The annual fee is 30 crowns.")

    assert conflicts("What is the annual fee?", [FEE_NEW, again]) == ()
