"""What xberg takes apart or puts together on a page of a PDF, mended by where the words stand."""

from pathlib import Path

import pytest
from tests.fixtures.office import Office

from lorewright.documents.readers.pdf import read_pdf
from lorewright.documents.readers.pdf_words import Line, with_lines_apart, with_whole_words

Placed = list[tuple[float, float, str]]
_LETTER = 5.0
"""About how wide a letter of 10 points is."""


def below(top: float, lines: list[str]) -> Placed:
    """Return lines of 12 points below each other, all beginning at the same edge."""
    return [(72.0, top - 12 * number, line) for number, line in enumerate(lines)]


def test_names_over_columns_of_numbers_stand_over_their_own(tmp_path: Path) -> None:
    """Above numbers at the right of their columns, two names lie closer to each other than to any number."""
    rows = [
        ("Item", "Qty", "Unit price", "Amount"),
        ("Yearly service", "1", "480.00", "480.00"),
        ("Door seal AC-12", "2", "37.50", "75.00"),
        ("Call-out fee", "1", "95.00", "95.00"),
        ("Cleaning kit", "4", "12.25", "49.00"),
    ]
    placed: Placed = [(72, 760, "Invoice 2026-0417 of the workshop")]
    for number, (item, *numbers) in enumerate(rows):
        height = 700 - 16 * number
        ends = zip((250, 310, 400), numbers, strict=True)
        placed += [(72, height, item), *((end - _LETTER * len(cell), height, cell) for end, cell in ends)]

    (page,) = read_pdf(Office(tmp_path).pdf("invoice.pdf", [[]], placed=placed)).pages

    assert "| Item | Qty | Unit price | Amount |" in page
    assert "| Door seal AC-12 | 2 | 37.50 | 75.00 |" in page


def test_lines_that_end_early_stay_lines(tmp_path: Path) -> None:
    long = "Prices are per room and night, with breakfast for everybody who sleeps in the room."
    hours = ["Monday to Friday 7:00 to 22:00", "Saturday 8:00 to 20:00", "Sunday 8:00 to 14:00"]

    (page,) = read_pdf(
        Office(tmp_path).pdf("a.pdf", [[]], placed=[*below(700, [long]), *below(660, hours)])
    ).pages

    assert "\n".join(hours) in page


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        (["The ferry leaves from pier 2 whenever the tide", "allows it, and returns the same day."], False),
        (["Tickets are sold on board of every one of our", "Large ferries, and at the harbour."], False),
        (["Ferry: pier 2", "Tickets: on board"], True),
        (["Ferry: pier 2", "or pier 3"], False),
        (["Site: example.org", "."], False),
        (["__ by post", "__ by mail"], True),
    ],
)  # fmt: skip
def test_only_lines_that_were_ended_on_purpose_stay_lines(lines: list[str], *, held: bool) -> None:
    """The next word had room, and begins something."""
    page = [Line(line, 72.0, 72.0 + _LETTER * len(line)) for line in ["Wide " * 9 + "end.", *lines]]

    (part,) = with_lines_apart([" ".join(lines)], page)

    assert part == ("\n" if held else " ").join(lines)


def test_lines_in_another_column_say_nothing_of_how_long_a_line_may_be() -> None:
    page = [
        Line("Ferries leave twice", 72.0, 170.0),
        Line("Every day in summer", 72.0, 170.0),
        Line("The other column is a great deal wider than the first one is", 300.0, 580.0),
    ]

    (part,) = with_lines_apart(["Ferries leave twice Every day in summer"], page)

    assert part == "Ferries leave twice Every day in summer"


def test_a_letter_keeps_its_address_its_date_and_its_greeting() -> None:
    said = [
        "Brightwater Energy", "14 Canal Street", "9 January 2026", "Ms Orla Kent", "Dear Ms Kent,",
        "From March on your price rises from 24.8 to 26.1 pence for every unit that you use in",
        "York and elsewhere, and the standing charge falls.",
    ]  # fmt: skip
    lefts = [72.0, 72.0, 430.0, 72.0, 72.0, 72.0, 72.0]
    page = [Line(line, left, left + _LETTER * len(line)) for line, left in zip(said, lefts, strict=True)]

    (part,) = with_lines_apart([" ".join(said)], page)

    assert part == "\n".join([*said[:5], " ".join(said[5:])])


def test_names_of_columns_do_not_share_a_row_with_the_first_numbers() -> None:
    """Where the first row lacks a cell, xberg takes it for a second line of the names."""
    plain = "Wage Hours Rate Amount\r\nBase 3,450.00\r\nOvertime 6.5 24.80 161.20"
    rows = [["Wage Base", "Hours", "Rate", "Amount 3,450.00"], ["Overtime", "6.5", "24.80", "161.20"]]

    assert with_whole_words([rows], plain) == [
        [["Wage", "Hours", "Rate", "Amount"], ["Base", "", "", "3,450.00"], rows[1]]
    ]


def test_names_in_two_lines_stay_one_row() -> None:
    plain = "Item Unit Total\r\nname price amount\r\nSeal 37.50 75.00"
    rows = [["Item name", "Unit price", "Total amount"], ["Seal", "37.50", "75.00"]]

    assert with_whole_words([rows], plain) == [rows]


def test_letters_that_were_moved_together_are_one_word() -> None:
    plain = "VAT number GB 482\nFamily suite (VAT included), 130\nTo be paid."

    parts = with_whole_words(
        ["# F amily suite (V A T included) , 130", [["V A T number", "GB 482"], ["T o be paid.", ""]]], plain
    )

    assert parts == ["# Family suite (VAT included), 130", [["VAT number", "GB 482"], ["To be paid.", ""]]]


def test_words_that_the_page_has_apart_stay_apart() -> None:
    plain = "A way to go. Away from here, to day and night."

    assert with_whole_words(["A way to day"], plain) == ["A way to day"]


def test_a_shred_of_a_column_belongs_to_the_one_at_its_left() -> None:
    rows = [["Customer", "", "Norwood Dental"], ["Due date", "", "2 April 2026"], ["VAT", "number", "GB 482"]]
    prices = [["Room", "", "Price"], ["Single", "62", "78"], ["Double", "94", "121"]]

    assert with_whole_words([rows, prices], "") == [
        [["Customer", "Norwood Dental"], ["Due date", "2 April 2026"], ["VAT number", "GB 482"]],
        prices,
    ]
