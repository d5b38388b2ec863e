"""Table rows as a small model reads them."""

import pytest

from lorewright.knowledge.named_cells import with_named_cells

TABLE = "| Model | Price |\n|---|---|\n| R2 | $129 |\n| R2 Pro | $199 |"


def test_every_cell_names_its_column() -> None:
    """Counting columns is what a model of 135 million parameters gets wrong."""
    assert with_named_cells(TABLE) == "- Model: R2; Price: $129\n- Model: R2 Pro; Price: $199"


def test_the_text_around_a_table_stays() -> None:
    """Only rows change: the sentences before and after may hold the answer."""
    assert with_named_cells(f"Routers:\n\n{TABLE}\n\nAll prices with VAT.") == (
        "Routers:\n\n- Model: R2; Price: $129\n- Model: R2 Pro; Price: $199\n\nAll prices with VAT."
    )


def test_a_row_without_its_header_takes_the_one_above_it() -> None:
    """An excerpt of one row still says what its cells are."""
    assert with_named_cells("| R2 Pro | $199 |", "| Model | Price |") == "- Model: R2 Pro; Price: $199"


def test_several_rows_of_names_are_joined() -> None:
    """Financial tables name a column in two rows: the year above, the unit below."""
    assert with_named_cells("| Revenue | 5 |", "| | 2019 |\n| | in million |\n|---|---|") == (
        "- Revenue; 2019 in million: 5"
    )


def test_empty_cells_are_left_out_and_bars_in_cells_kept() -> None:
    """`\\|` is a bar that belongs to the cell."""
    assert with_named_cells("| a | b |\n|---|---|\n|  | x \\| y |") == "- b: x | y"


def test_a_line_that_announces_a_list_is_no_header() -> None:
    """What stands above an excerpt may be a sentence."""
    assert with_named_cells("- hold the button", "To reset it:") == "To reset it:\n- hold the button"


def test_a_table_without_names_stays_as_it_is() -> None:
    """Better a plain row than invented names."""
    assert with_named_cells("| R2 | $129 |") == "| R2 | $129 |"


ROW, HEADER = "| R2 Pro | 2.5 Gbit/s | $199 | 36 months |", "| Model | WAN speed | Price | Warranty |"
WHOLE = "Model: R2 Pro; WAN speed: 2.5 Gbit/s; Price: $199; Warranty: 36 months"


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How much is the R2 Pro?", "- Model: R2 Pro; Price: $199"),
        ("What does the R2 Pro cost?", "- Model: R2 Pro; Price: $199"),
        ("What is the warranty of the R2 Pro?", "- Model: R2 Pro; Warranty: 36 months"),
        ("How fast is it, and what does it cost?", "- Model: R2 Pro; WAN speed: 2.5 Gbit/s; Price: $199"),
        ("Tell me about the R2 Pro.", f"- {WHOLE}"),
        ("How much storage has the R2 Pro?", f"- {WHOLE}"),
    ],
)  # fmt: skip
def test_only_the_cells_that_a_question_is_after_are_shown(question: str, line: str) -> None:
    """Asked for a price, the small model took the first cell with a number."""
    assert with_named_cells(ROW, HEADER, question=question) == line
