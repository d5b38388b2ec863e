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


def test_an_encrypted_pdf_is_refused(office: Any, reader: DocumentReader) -> None:
    lock = f"/V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}>"
    path = office.pdf("secret.pdf", [["x"]], extra=f"/Encrypt << /Filter /Standard {lock} >> /ID [<00> <00>]")

    with pytest.raises(UnreadableDocument, match="it is protected by a password") as caught:
        reader.read(path, document_id="secret.pdf")

    assert caught.value.hint == "Save a copy without one."


@pytest.mark.parametrize("name", ["broken.pdf", "broken.docx", "broken.xlsx", "broken.doc"])
def test_a_damaged_file_is_refused(tmp_path: Path, reader: DocumentReader, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"this is none of it \x00\x01\x02" * 20)

    with pytest.raises(UnreadableDocument, match=f"{name} cannot be read: it is damaged"):
        reader.read(path, document_id=name)


def test_a_pdf_of_pictures_says_what_is_missing(office: Any, reader: DocumentReader) -> None:
    path = office.pdf("scan.pdf", [[], []])

    with pytest.raises(UnreadableDocument, match="its pages are pictures"):
        reader.read(path, document_id="scan.pdf")
