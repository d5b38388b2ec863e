"""PDFs that say themselves what their headings, lists and tables are."""

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from tests.fixtures.tagged_pdf import Tag, TaggedPdf

from lorewright.documents.readers.pdf import read_pdf
from lorewright.documents.readers.pdf_tags import tagged_page

CHECKS: Tag = (
    "Table",
    [
        ("TR", [("TH", "Part"), ("TH", "First check"), ("TH", "Then every")]),
        ("TR", [("TD", "Suspension fork", "/RowSpan 2"), ("TD", "50 hours"), ("TD", "100 hours")]),
        ("TR", [("TD", "after a fall"), ("TD", "never")]),
        ("TR", [("TD", "Belt drive"), ("TD", "20,000 km", "/ColSpan 2")]),
    ],
)
LIST: Tag = (
    "L",
    [
        (
            "LI",
            [
                ("Lbl", "1."),
                ("LBody", [("P", "Clean the frame"), ("L", [("LI", [("LBody", "and dry it")])])]),
            ],
        ),
        ("LI", [("Lbl", "2."), ("LBody", "Check the bolts")]),
    ],
)


def _page(folder: Path, tree: Sequence[Tag], *, furniture: str = "", untagged: str = "") -> str:
    path = TaggedPdf().write(folder / "tagged.pdf", tree, furniture=furniture, untagged=untagged)
    (page,) = read_pdf(path).pages
    return page


def test_rows_of_a_table_stay_rows(tmp_path: Path) -> None:
    """Read column by column, "Belt drive" would have no interval; a cell over two rows stands in both."""
    assert _page(tmp_path, [("Document", [("H1", "Service"), CHECKS])]) == (
        "# Service\n\n"
        "| Part | First check | Then every |\n| --- | --- | --- |\n"
        "| Suspension fork | 50 hours | 100 hours |\n"
        "| Suspension fork | after a fall | never |\n"
        "| Belt drive | 20,000 km | 20,000 km |"
    )


def test_items_of_a_list_stay_items(tmp_path: Path) -> None:
    """Items that are joined read as one sentence about none of them."""
    assert _page(tmp_path, [("Document", [("P", "Before you ride:"), LIST])]) == (
        "Before you ride:\n\n1. Clean the frame\n  - and dry it\n2. Check the bolts"
    )


def test_text_between_tags_is_not_lost_and_furniture_is_left_out(tmp_path: Path) -> None:
    """A stamp that no tag holds may be what somebody asks for; a running head never is."""
    page = _page(
        tmp_path, [("H1", "Terms"), ("P", "Frames are covered for ten years.")],
        furniture="Page 1 of 9", untagged="Void after 2027",
    )  # fmt: skip
    assert page == "# Terms\n\nFrames are covered for ten years.\n\nVoid after 2027"


def test_a_picture_is_described_by_its_own_words(tmp_path: Path) -> None:
    """What a picture shows stands nowhere else."""
    path = tmp_path / "tagged.pdf"
    TaggedPdf().write(path, [("H1", "Bird"), ("Figure", "", "/Nothing 1"), ("P", "A kestrel.")])
    data = path.read_bytes().replace(b"/S /Figure", b"/S /Figure /Alt (A red kestrel on a fence)")
    path.write_bytes(data)
    with pypdfium2.PdfDocument(path) as document:
        told = tagged_page(document[0])
    assert told is not None
    assert list(told.parts) == ["# Bird", "A red kestrel on a fence", "A kestrel."]


@pytest.mark.parametrize("tree", [[("P", "Only a paragraph.")], [("Sect", [("P", "One."), ("P", "Two.")])]])
def test_tags_without_structure_decide_nothing(tmp_path: Path, tree: Sequence[Tag]) -> None:
    """Some programs tag every line as a paragraph: then where words stand tells more."""
    path = TaggedPdf().write(tmp_path / "tagged.pdf", tree)
    with pypdfium2.PdfDocument(path) as document:
        assert tagged_page(document[0]) is None


def test_text_whose_mark_no_tag_names_is_kept(tmp_path: Path) -> None:
    """A program that forgot a paragraph in its tags must not hide it."""
    path = TaggedPdf().write(
        tmp_path / "tagged.pdf", [("H1", "Terms"), ("P", "Ten years.")], orphan="Not racing."
    )
    assert read_pdf(path).pages == ("# Terms\n\nTen years.\n\nNot racing.",)


def test_furniture_of_a_tagged_page_is_no_loss(tmp_path: Path) -> None:
    """A short page below a long head would else be read without its structure."""
    page = _page(
        tmp_path, [("H1", "Terms"), ("P", "Ten years.")],
        furniture="Kestrel Cycles, Tilburg, printed for the file on the first of May 2026, not for resale",
    )  # fmt: skip
    assert page == "# Terms\n\nTen years."


def test_characters_in_two_halves_stay_whole(tmp_path: Path) -> None:
    """A half of one cannot be stored: bicycles and rare Chinese characters became question marks."""
    assert _page(tmp_path, [("H1", "Bicycles"), ("P", "Lock your ^ at night.")]) == (
        "# Bicycles\n\nLock your \U0001f6b2 at night."
    )


def test_cells_that_a_browser_leaves_out_because_they_are_empty_leave_their_columns(tmp_path: Path) -> None:
    """A page saved as PDF lacks the empty cells: what is behind them must not move to another column."""
    rows: list[list[str]] = [
        ["", "Small", "Large"], ["Electrical", "", ""], ["Power", "22 W", "38 W"], ["Weight", "", "2.4 kg"],
    ]  # fmt: skip
    table: Tag = (
        "Table", [("TR", [("TD", cell) for cell in row if cell]) for row in rows]
    )  # fmt: skip
    places = {
        cell: (72 + 150 * column, 700 - 20 * line)
        for line, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    }

    (page,) = read_pdf(TaggedPdf().write(tmp_path / "data.pdf", [("H1", "Pump"), table], places=places)).pages

    assert page.splitlines()[2:] == [
        "|  | Small | Large |",
        "| --- | --- | --- |",
        "| Electrical |  |  |",
        "| Power | 22 W | 38 W |",
        "| Weight |  | 2.4 kg |",
    ]
