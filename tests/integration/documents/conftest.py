"""Files of real formats, made here from nothing but bytes."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"


class Office:
    """Writes small PDF and DOCX files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pdf(self, name: str, pages: Sequence[Sequence[str]], *, extra: str = "") -> Path:
        """Write a PDF with lines of text on every page; `extra` goes into its trailer."""
        kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        for number, lines in enumerate(pages):
            shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
            stream = f"BT /F1 12 Tf 72 720 Td {shown} ET"
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        body = "%PDF-1.4\n"
        places = []
        for number, content in enumerate(objects, start=1):
            places.append(len(body))
            body += f"{number} 0 obj\n{content}\nendobj\n"
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        size = len(objects) + 1
        body += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        trailer = f"trailer\n<< /Size {size} /Root 1 0 R {extra} >>\nstartxref\n{body.index('xref')}\n%%EOF\n"
        path = self.folder / name
        path.write_bytes((body + trailer).encode("latin-1"))
        return path

    def docx(self, name: str, body: str) -> Path:
        """Write a Word file with the given paragraphs and tables in WordprocessingML."""
        word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        package = "http://schemas.openxmlformats.org/package/2006"
        main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "[Content_Types].xml",
                f'<Types xmlns="{package}/content-types">'
                f'<Default Extension="rels" ContentType="{RELATIONSHIPS}"/>'
                f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{package}/relationships">'
                f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
            )
            archive.writestr(
                "word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
            )
        return path


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Writes files into a fresh folder."""
    return Office(tmp_path)
