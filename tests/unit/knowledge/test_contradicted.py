"""Answers whose values the documents give otherwise."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.contradicted import contradicted


def hits(*texts: str) -> list[Hit]:
    return [
        Hit(Chunk(f"d{n}:0", f"d{n}.md", "", 0, len(text), text), 1.0, n + 1) for n, text in enumerate(texts)
    ]


LEAVE = "Every employee has 30 days of leave a year. Flights need a signature of Ms Lind."


@pytest.mark.parametrize(
    ("question", "answer", "said", "instead"),
    [
        ("How many days of leave has an employee?", "28 days", "28 days", "30 days"),
        ("Leave?", "Every employee has 28 days of leave a year.", "28 days", "30 days"),
    ],
)
def test_an_older_number_is_named_with_the_one_that_holds_now(
    question: str, answer: str, said: str, instead: str
) -> None:
    """Tuning on last year's answers would teach what is wrong today."""
    found = contradicted(question, answer, hits("Call before nine.", LEAVE))
    assert found is not None
    assert (found.said, found.instead) == (said, instead)
    assert (found.sentence, found.hit.chunk.document_id) == (
        "Every employee has 30 days of leave a year.", "d1.md",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many days of leave has an employee?", "30 days"),
        ("How many days of leave has an employee?", "Thirty days of leave."),
        ("How many days before a flight?", "12 days"),
        ("How long is the notice period?", "3 months"),
        ("How many days of leave has an employee?", "It depends on your contract."),
    ],
)
def test_what_is_stated_or_not_spoken_of_is_no_contradiction(question: str, answer: str) -> None:
    """Silence of the documents is no proof: only another value in the same place counts."""
    assert contradicted(question, answer, hits(LEAVE)) is None


def test_a_value_that_one_document_states_is_left_to_people() -> None:
    """Where documents disagree with each other, the example may be right."""
    assert contradicted("How many days of leave?", "28 days", hits(LEAVE, "Trainees have 28 days.")) is None


def test_a_sentence_with_two_such_values_says_nothing_for_sure() -> None:
    text = "Employees have 30 days of leave, trainees 25 days of leave."
    assert contradicted("How many days of leave?", "28 days of leave", hits(text)) is None
