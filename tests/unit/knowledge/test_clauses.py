"""Clauses that a question names by their numbers."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, choose_quotes
from lorewright.knowledge.clauses import reference_in

RENT = """(1) The rent is 42 cents.
(2) It is due in May. For late payment a surcharge is levied:
(a) 5 euros within a month;
(b) 20 euros later.
(3) Pensioners pay half of it."""


def hit(heading: str, text: str, rank: int) -> Hit:
    chunk = Chunk(f"c{rank}", "law.txt", "By-law", rank * 1000, rank * 1000 + len(text), text, (heading,))
    return Hit(chunk, score=1.0 / rank, rank=rank)


HITS = [
    hit("Article 14 Huts", "(2) A hut has 16 square metres.", 1),
    hit("Article 4 Rent", RENT, 2),
    hit("§ 4 Keys", "Keys are handed in.", 3),
]


def shown(question: str) -> list[str]:
    return [quote.part.text for quote in choose_quotes(question, HITS)]


@pytest.mark.parametrize(
    ("question", "number", "steps"),
    [
        ("What does Article 4(2) say?", "4", ("2",)),
        ("What does Art. 4 (2) (b) say?", "4", ("2", "b")),
        ("Was steht in § 12 Abs. 3 Satz 2?", "12", ("3", "2")),
        ("Co stanowi art. 5 ust. 2 pkt 1?", "5", ("2", "1")),
        ("Que dit l'article 7, alinéa 2 ?", "7", ("2",)),
        ("What is in clause 4.2?", "4", ("4.2",)),
        ("What does Chapter II say?", "II", ()),
    ],
)
def test_the_number_and_its_parts_are_read(question: str, number: str, steps: tuple[str, ...]) -> None:
    reference = reference_in(question)
    assert reference is not None
    assert (reference.number, reference.steps, reference.is_all) == (number, steps, True)


@pytest.mark.parametrize(
    "question", ["Which part is broken?", "Is the art of 1920 on show?", "Section heads meet when?"]
)
def test_most_questions_name_no_clause(question: str) -> None:
    reference = reference_in(question)
    assert reference is None or not reference.is_all


def test_a_part_of_a_clause_comes_with_its_own_parts_and_nothing_else() -> None:
    """Half of a rule misleads."""
    assert shown("What does Article 4(2) say?") == [
        "(2) It is due in May.",
        "For late payment a surcharge is levied:",
        "(a) 5 euros within a month;",
        "(b) 20 euros later.",
    ] or shown("What does Article 4(2) say?") == [
        "(2) It is due in May.",
        "(a) 5 euros within a month;",
        "(b) 20 euros later.",
    ]


def test_a_letter_in_a_part_is_shown_alone() -> None:
    assert shown("What does Article 4(2)(b) of the by-law say?") == ["(b) 20 euros later."]


def test_clauses_of_one_number_are_told_apart_by_their_names() -> None:
    assert shown("What does § 4 say?") == ["Keys are handed in."]


def test_who_asks_something_in_a_clause_is_not_shown_all_of_it() -> None:
    assert shown("How much do pensioners pay under Article 4?")[0] == "(3) Pensioners pay half of it."
