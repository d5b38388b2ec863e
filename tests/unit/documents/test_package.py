"""What stands in Office files beside their running text."""

import zipfile
from pathlib import Path

from lorewright.documents.readers import ole, package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(folder: Path, **members: str | bytes) -> Path:
    """Write an archive; `__` stands for a slash in the name of a member, `_xml` for its suffix."""
    path = folder / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path


def word(inner: str, *, around: str = "body") -> str:
    return f'<w:x xmlns:w="{WORD}" xmlns:v="urn:v"><w:{around}>{inner}</w:{around}></w:x>'


def line(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_what_stands_above_and_below_all_pages_is_said_once(tmp_path: Path) -> None:
    """The number of a document and its state often stand nowhere else; numbers of pages say nothing."""
    path = packed(
        tmp_path,
        word__document_xml=word(line("Body.")),
        word__header1_xml=word(line("QM-14, valid from May"), around="hdr"),
        word__header2_xml=word(line("QM-14, valid from May"), around="hdr"),
        word__footer1_xml=word(line("Page 1 of 9") + line("For members only"), around="ftr"),
    )

    assert package.paragraphs(path) == [["Body.", "For members only", "QM-14, valid from May"]]


def test_words_in_pictures_are_read(tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><docPr name="Picture 1" descr="{}"/></w:drawing></w:r>'
    drawn = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    body = (
        "".join(f"<w:p>{inner}</w:p>" for inner in (picture.format("The pump seen from above"), drawn))
        + f"<w:p>{picture.format('image1.png')}</w:p>"
    )

    assert package.paragraphs(packed(tmp_path, word__document_xml=word(body))) == [
        ["The pump seen from above", "DRAFT"]
    ]


def test_comments_on_cells_are_read(tmp_path: Path) -> None:
    comments = (
        '<comments xmlns="urn:sheet">'
        "<comment><text><r><t>Checked </t></r><r><t>by Ann</t></r></text></comment>"
        "<comment><text><t>[Threaded comment] Yours cannot show it: Late.</t></text></comment></comments>"
    )

    assert package.paragraphs(packed(tmp_path, xl__comments1_xml=comments)) == [["Checked by Ann"]]


def test_parts_in_other_formats_are_files_of_their_own(tmp_path: Path) -> None:
    """Programs that make letters put whole pages into a Word file as they are."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{kind}" Target="part.html"/>'
        f'<Relationship Id="r2" Type="{kind}" Target="gone.html"/></Relationships>'
    )
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/_rels/document.xml.rels", relations)
        archive.writestr("word/part.html", "<p>In the part.</p>")

    assert package.embedded(path) == [("part.html", b"<p>In the part.</p>")]


def test_the_heads_of_an_open_document_are_read(tmp_path: Path) -> None:
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "style")
    )
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body/></text:note>"
    path = packed(
        tmp_path,
        content_xml=f"<office:x {namespaces}><office:text><text:p>Body.{note}</text:p></office:text>"
        "</office:x>",
        styles_xml=f"<office:x {namespaces}><style:header><text:p>Minutes</text:p></style:header></office:x>",
    )

    assert package.paragraphs(path) == [["Body.", "Minutes"]]


def test_what_a_book_does_not_list_is_read_last(tmp_path: Path) -> None:
    """Notes that open on a page of their own are part of no order; a table of contents is no text."""
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" properties="{what}"/>'
        for name, what in (("nav", "nav"), ("note", ""), ("one%20a", ""))
    )
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "b.opf",
            f'<package><manifest>{items}</manifest><spine><itemref idref="one%20a"/></spine></package>',
        )
        for name in ("nav", "note", "one a"):
            archive.writestr(f"{name}.xhtml", f"<p>{name}.</p>")

    assert package.paragraphs(path) == [["one a.", "note."]]


def test_an_embedded_file_without_a_suffix_is_told_by_its_bytes() -> None:
    packed_sheet = b"PK\x03\x04 xl/workbook.xml"

    assert ole.unwrapped("oleObject1.bin", packed_sheet) == [("oleObject1.xlsx", packed_sheet)]
    assert ole.unwrapped("oleObject2.bin", b"?") == [("oleObject2.bin", b"?")]
