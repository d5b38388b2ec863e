"""Pages of PDFs as pictures, with the passages found on them."""

from pathlib import Path

import pytest
from tests.fixtures.office import Office

from lorewright.documents.page_picture import draw_page
from lorewright.documents.readers.pdf_page import stretches
from lorewright.errors import UnreadableDocument


def test_a_page_is_drawn_with_the_box_of_a_passage(office: Office) -> None:
    path = office.pdf("leave.pdf", [["Cover"], ["Leave", "Every employee has", "28 days of leave.", "Other"]])

    drawn = draw_page(path, 2, ["Every employee has 28 days of leave."])

    assert drawn.png.startswith(b"\x89PNG")
    assert drawn.n_pages == 2
    assert drawn.height > drawn.width
    assert len(drawn.boxes) == 2, "a box for each of its lines"
    left, top, width, height = drawn.boxes[0]
    assert left == pytest.approx(72 / 612, abs=0.01)
    assert top == pytest.approx((792 - 700 - 12) / 792, abs=0.02)
    assert 0 < width < 0.4
    assert 0 < height < 0.03


def test_a_passage_that_is_not_on_the_page_has_no_box(office: Office) -> None:
    path = office.pdf("leave.pdf", [["Every employee has", "28 days of leave."]])

    assert draw_page(path, 1, ["Trains are booked in second class."]).boxes == ()


def test_a_page_that_is_not_there_is_named(office: Office) -> None:
    path = office.pdf("leave.pdf", [["One page"]])

    with pytest.raises(UnreadableDocument, match="it has 1 pages, so page 7 does not exist"):
        draw_page(path, 7)


def test_a_file_that_is_no_pdf_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 nothing behind it")

    with pytest.raises(UnreadableDocument, match="damaged or not a PDF"):
        draw_page(path, 1)


def test_a_passage_is_found_however_its_lines_break() -> None:
    text = "Head\r\nOf leave: every em ployee\r\nhas 28 days\r\nof leave a year. Other things."
    assert [text[a:b] for a, b in stretches(text, "every employee **has 28 days** of leave a year.")] == [
        "every",
        "has 28 days\r\nof leave a year",
    ]
