"""Formats that are read in a process of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from lorewright.documents import DocumentReader
from lorewright.errors import UnreadableDocument


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    """Read all files of this module in one process, as a user's folder is."""
    with DocumentReader() as reader:
        yield reader


def test_a_pdf_keeps_its_pages(office: Any, reader: DocumentReader) -> None:
    """A citation names the page."""
    path = office.pdf("leave.pdf", [["Leave is thirty days."], ["Ask your lead", "five days before."]])

    found = reader.read(path, document_id="leave.pdf")

    assert len(found.page_starts) == 2
    assert found.text[: found.page_starts[1]].strip() == "Leave is thirty days."
    assert "five days before" in found.text[found.page_starts[1] :]


def test_a_word_file_keeps_headings_and_tables(office: Any, reader: DocumentReader) -> None:
    def paragraph(text: str, style: str = "") -> str:
        properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"

    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = f"<w:tbl>{row('Who', 'Days')}{row('Full time', '30')}{row('Part time', '15')}</w:tbl>"
    path = office.docx("leave.docx", paragraph("Leave", "Heading1") + paragraph("As of 2027.") + table)

    found = reader.read(path, document_id="leave.docx")

    assert found.title == "Leave"
    assert found.text == snapshot(
        """\
# Leave

As of 2027.

| Who | Days |
| --- | --- |
| Full time | 30 |
| Part time | 15 |\
"""
    )


def test_a_web_page_is_read_there_too(tmp_path: Path, reader: DocumentReader) -> None:
    path = tmp_path / "page.html"
    path.write_text("<title>Trains | Example</title><h1>Trains</h1><p>Book early.")

    found = reader.read(path, document_id="page.html")

    assert (found.title, found.text) == ("Trains", "# Trains\n\nBook early.")


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Annual leave", "Annual leave"),
        ("Quarterly forecast", "leave"),
        ("Microsoft Word - leave.docx", "leave"),
    ],
)
def test_a_pdf_goes_by_its_own_title_only_where_its_first_page_says_it(
    office: Any, reader: DocumentReader, told: str, title: str
) -> None:
    """A template's title, left in forty files, sends every reader to a document that is not there."""
    path = office.pdf("leave.pdf", [["Annual leave is thirty days."]], title=told)

    assert reader.read(path, document_id="leave.pdf").title == title


def test_an_encrypted_pdf_is_refused(office: Any, reader: DocumentReader) -> None:
    lock = f"/V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}>"
    path = office.pdf("secret.pdf", [["x"]], extra=f"/Encrypt << /Filter /Standard {lock} >> /ID [<00> <00>]")

    with pytest.raises(UnreadableDocument, match="it is password-protected") as caught:
        reader.read(path, document_id="secret.pdf")

    assert caught.value.hint == "Save a copy without a password."


@pytest.mark.parametrize("name", ["broken.pdf", "broken.docx", "broken.xlsx", "broken.doc"])
def test_a_damaged_file_is_refused(tmp_path: Path, reader: DocumentReader, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"this is none of it \x00\x01\x02" * 20)

    with pytest.raises(UnreadableDocument, match=f"{name} cannot be read: it is damaged"):
        reader.read(path, document_id=name)


def test_a_pdf_of_pictures_says_what_is_missing(office: Any, reader: DocumentReader) -> None:
    path = office.pdf("scan.pdf", [[], []])

    with pytest.raises(UnreadableDocument, match="its pages are scanned pictures"):
        reader.read(path, document_id="scan.pdf")


def test_the_names_of_columns_go_on_over_pages(office: Any, reader: DocumentReader) -> None:
    """A row of page 3 is worth nothing without them, and its own first row is no header."""
    rows = [[f"VX-{n:03}", ("steel", "brass", "PVC")[n % 3], f"{n + 4} bar"] for n in range(60)]
    tables = {1: [["Valve", "Material", "Pressure"], *rows[:20]], 2: rows[20:40], 3: rows[40:]}
    head = [["Valve list - rev 4"]] * 3
    path = office.pdf("valves.pdf", head, tables=tables)

    found = reader.read(path, document_id="valves.pdf")

    last = found.text[found.page_starts[2] :]
    assert last.startswith(
        "| Valve | Material | Pressure |\n| --- | --- | --- |\n| VX-040 | brass | 44 bar |"
    )
    assert found.text.count("Valve list - rev 4") == 1, "what every page says at its top is said once"


def test_a_page_that_is_a_picture_is_named_with_its_number(office: Any, reader: DocumentReader) -> None:
    path = office.pdf("hall.pdf", [["Terms of the hall."], [], ["Annex C."], []], pictures=[2])

    assert reader.read(path, document_id="hall.pdf").report.notices == (
        "page 2 of 4 is a picture and was not read",
    )


def test_words_torn_at_line_ends_are_whole(office: Any, reader: DocumentReader) -> None:
    """Nobody searches for "reimburse- ment"."""
    lines = ["The reimburse-", "ment of well-", "known costs, pre-", "and post-paid, is well-known here."]
    path = office.pdf("costs.pdf", [lines])

    text = " ".join(reader.read(path, document_id="costs.pdf").text.split())

    assert text == "The reimbursement of well-known costs, pre- and post-paid, is well-known here."


def test_how_a_heading_looks_is_no_part_of_it(office: Any, reader: DocumentReader) -> None:
    def paragraph(text: str, style: str) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'

    body = (
        paragraph("Site handbook", "Title") + paragraph("Access", "Heading1") + paragraph("Gate 2.", "Normal")
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{known}"><w:name w:val="{name}"/></w:style>'
        for known, name in (("Title", "Title"), ("Heading1", "heading 1"), ("Normal", "Normal"))
    )
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    members = {"word/styles.xml": f'<w:styles xmlns:w="{word}">{styles}</w:styles>'}

    found = reader.read(office.docx("handbook.docx", body, members=members), document_id="handbook.docx")

    assert found.title == "Site handbook"
    assert found.text == "# Site handbook\n\n# Access\n\nGate 2."


def test_text_boxes_charts_and_embedded_files_are_read(office: Any, reader: DocumentReader) -> None:
    """What stands beside the running text is what people remember of a page."""
    inner = office.docx("inner.docx", "<w:p><w:r><w:t>The inner file.</w:t></w:r></w:p>").read_bytes()
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    body = f"<w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>"
    body += "<w:p><w:r><w:t>After.</w:t></w:r></w:p>"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    chart = f'<c xmlns:a="{drawing}"><a:p><a:r><a:t>Share of the market</a:t></a:r></a:p></c>'
    members = {"word/charts/chart1.xml": chart, "word/embeddings/inner.docx": inner}

    text = reader.read(office.docx("a.docx", body, members=members), document_id="a.docx").text

    assert "Share of the market" in text
    assert text.index("Before.") < text.index("In the box.") < text.index("After.")
    assert text.endswith("## inner.docx\n\nThe inner file.")


RICH_TEXTS = {
    r"{\rtf1\ansi Seen \u-10179?\u-8704? twice\par}": "Seen \U0001f600 twice",
    r"{\rtf1\ansi {\i0\b0\*\cs7\cf0 The gate opens at nine.}\par}": "The gate opens at nine.",
    r"{\rtf1\mac caf\'8e\par}": "café",
    r"{\rtf1\pc caf\'82\par}": "café",
}


@pytest.mark.parametrize("source", RICH_TEXTS)
def test_rich_text_of_all_systems_is_read(tmp_path: Path, reader: DocumentReader, source: str) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(source.encode("ascii"))

    assert reader.read(path, document_id="a.rtf").text == RICH_TEXTS[source]


def test_comments_in_rich_text_are_read(tmp_path: Path, reader: DocumentReader) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi The fee is due{\*\annotation until May}\par}")

    assert "until May" in reader.read(path, document_id="a.rtf").text


def test_subtitles_keep_what_they_say_of_themselves(tmp_path: Path, reader: DocumentReader) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(
        "WEBVTT - Safety briefing\n\nNOTE recorded in May\n\n00:01.000 --> 00:02.000\nHard hats on.\n"
    )

    assert (
        reader.read(path, document_id="a.vtt").text
        == "WEBVTT - Safety briefing\n\nrecorded in May\n\nHard hats on."
    )
