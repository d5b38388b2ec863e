"""Tables to take along: what a spreadsheet opens must not run."""

import csv
import io

import pytest

from lorewright.studio.parts.export import csv_text


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-cmd", "@SUM(A1)", "\t=1", " =1", "\uff1dHYPERLINK(1)", "\r=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_stays_a_text(cell: str) -> None:
    """Answers of models and questions of strangers stand in these cells."""
    (_, (written,)) = csv.reader(io.StringIO(csv_text(["answer"], [[cell]]), newline=""))

    assert written == f"'{cell}"


@pytest.mark.parametrize("cell", ["28 days", "a = b", "", "e-mail", "5 - 3"])
def test_a_cell_of_words_is_written_as_it_is(cell: str) -> None:
    """What nothing would run must not be changed."""
    (_, (written, _)) = csv.reader(io.StringIO(csv_text(["answer", "n"], [[cell, 1]]), newline=""))

    assert written == cell


def test_negative_numbers_stay_numbers() -> None:
    """A difference of -0.5 must be something to reckon with."""
    assert csv_text(["gap"], [[-0.5]]).splitlines() == ["gap", "-0.5"]
