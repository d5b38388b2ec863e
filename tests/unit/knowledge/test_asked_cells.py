"""Which rows of a table a question names, and which of their cells it is after."""

import pytest

from lorewright.knowledge.asked_cells import (
    asked_cells,
    asked_rows,
    asks_for_entry,
    cells_of,
    holds_asked_cell,
)
from lorewright.knowledge.named_cells import with_named_cells

HEADS = ["Kiln", "Fires at (°C)", "Short firing", "Long firing", "Duration", "Looked after by"]
ROWS = [
    ["K2", "1240", "18 €", "31 €", "9 h", "Mara Lund"],
    ["K2 Plus", "1280", "22 €", "36 €", "11 h", "Jonas Beck"],
    ["Raku kiln", "1000", "12 €", "", "40 min", "Mara Lund"],
]
TABLE = "\n".join("| " + " | ".join(row) + " |" for row in (HEADS, ["---"] * 6, *ROWS))


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What does the K2 cost?", [0]),
        ("What does the K2 Plus cost?", [1]),
        ("How hot does the Raku kiln get?", [2]),
        ("Which lasts longer, K2 or K2 Plus?", [0, 1]),
        ("Which kiln does Jonas Beck look after?", [1]),
        ("Which kilns does Mara Lund look after?", [0, 2]),
        ("Which kiln is hotter than the K2?", []),
        ("When is the studio open?", []),
    ],
)
def test_a_row_is_named_by_its_first_cell_or_else_by_another(question: str, places: list[int]) -> None:
    """A longer name is not the shorter one in it, and what compares needs the other rows."""
    named = [row.place for row in asked_rows(question, HEADS, ROWS) if row.key is not None]
    assert named == places


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is the price of a long firing in the K2?", ["Long firing"]),
        ("How long does the K2 take?", ["Duration"]),
        ("What does the K2 cost?", ["Short firing", "Long firing"]),
        ("Who looks after the K2?", ["Looked after by"]),
        ("Which kiln does Jonas Beck look after?", ["Kiln"]),
        ("Where is the K2?", []),
        ("Tell me about the K2.", []),
    ],
)
def test_cells_are_sought_by_their_column_or_by_their_looks(question: str, names: list[str]) -> None:
    """ "Long" in "how long" names no column, and a column that is named in full is the one that is meant."""
    row = asked_rows(question, HEADS, ROWS)[0]
    assert [HEADS[place] for place in row.sought] == names


def test_whoever_is_named_by_what_they_do_is_asked_for_and_not_who_stands_beside_them() -> None:
    """Of two names in a row the small model took the nearer one, the deputy."""
    staff = "| Name | Role | Deputy |\n|---|---|---|\n| Ada Nkemelu | Payroll | Lars Holt |"

    assert with_named_cells(staff, question="Who does payroll?") == "- Name: Ada Nkemelu; Role: Payroll"


def test_the_reader_is_shown_the_row_and_the_cell_that_are_asked_for() -> None:
    """From all rows of a table the small model took a cell of the next one."""
    asked = "What is the price of a long firing in the K2 Plus?"

    assert with_named_cells(TABLE, question=asked) == "- Kiln: K2 Plus; Long firing: 36 €"


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("How long does the Raku kiln take?", True),
        ("Who looks after the K2 Plus?", True),
        ("How heavy is the K2?", False),
        ("How long does the gas kiln take?", False),
    ],
)
def test_a_row_that_is_named_holds_the_cell_that_is_asked_for(question: str, held: bool) -> None:
    """Then there is an answer, however little the words of the question and the row are alike."""
    header = "| " + " | ".join(HEADS) + " |"
    assert any(holds_asked_cell(question, header, "| " + " | ".join(row) + " |") for row in ROWS) is held


def test_cells_keep_their_escaped_bars() -> None:
    assert cells_of("| a \\| b | c |") == ["a | b", "c"]


BINS = (
    ["Container", "Contents", "Emptied"],
    [
        ["Red bin (80 l)", "rest", "every four weeks"],
        ["Sack, yellow", "metal", "twice a month"],
    ],
)


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("How often is the red bin emptied?", [(0, 2)]),
        ("How often do you collect the sack?", [(1, 2)]),
        ("How often is the brown bin emptied?", []),
    ],
)
def test_what_a_cell_adds_to_a_name_need_not_be_said(question: str, cells: list[tuple[int, int]]) -> None:
    """Nobody asks about the "red bin (80 l)"."""
    assert asked_cells(question, *BINS) == cells


@pytest.mark.parametrize(
    ("question", "heads", "row"),
    [
        ("Was zahlen Gäste?", ["Gruppe", "Tag"], ["Gäste", "9,50 €"]),
        ("Combien paient les invités ?", ["Groupe", "Jour"], ["Les invités", "9,50 €"]),
        ("¿Cuánto pagan los invitados?", ["Grupo", "Día"], ["Invitados", "9,50 €"]),
        ("How much do guests pay?", ["Group", "Day"], ["Guests", "€9.50"]),
    ],
)
def test_who_asks_what_is_paid_is_after_an_amount(question: str, heads: list[str], row: list[str]) -> None:
    assert asked_cells(question, heads, [row]) == [(0, 1)]


@pytest.mark.parametrize(
    ("question", "name", "is_asked"),
    [
        ("When is the north pier open in winter?", "winter", True),
        ("When is the north pier open in winter?", "summer", False),
        ("When is the south pier open in winter?", "winter", False),
        ("What is the depth limit of the north pier?", "depth_limit_m", True),
        ("Who owns the north pier?", "depth_limit_m", False),
    ],
)
def test_an_entry_is_asked_for_where_nothing_of_the_question_is_left(
    question: str, name: str, *, is_asked: bool
) -> None:
    """What the name of an entry does not say stands above the record; else another record may be meant."""
    assert asks_for_entry(question, name, "piers > North pier > opening_hours") is is_asked


def test_of_two_cells_that_look_alike_the_one_whose_column_is_named_in_part_is_asked_for() -> None:
    heads = ["Week", "North pier day", "South pier day"]

    assert asked_cells(
        "When do boats land at the south pier in week 12?", heads, [["12", "Monday", "Friday"]]
    ) == [(0, 2)]
