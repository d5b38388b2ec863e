"""Attachments and members of archives are read as the files that their names say."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from lorewright.documents import DocumentReader
from lorewright.errors import UnreadableDocument

CSV = b"pallet;weight\n1;310 kg\n2;287 kg\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    """Read all files of this module in one process, as a user's folder is."""
    with DocumentReader() as reader:
        yield reader


def mail(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        subject,
        "Desk <desk@example.org>",
        "team@example.org",
    )
    message.set_content(text)
    return message


def test_an_attachment_is_read_as_the_file_of_its_name(tmp_path: Path, reader: DocumentReader) -> None:
    message = mail("Änderung: Auftrag 88", "It moves to 19 March.")
    message.add_attachment(CSV, maintype="text", subtype="csv", filename="pallets.csv")
    inner = mail("The old plan", "It was 12 March.")
    inner.add_attachment(b"# Terms\n\nThirty days.", maintype="text", subtype="markdown", filename="terms.md")
    message.add_attachment(inner)
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="x.bin")
    path = tmp_path / "order.eml"
    path.write_bytes(bytes(message))

    found = reader.read(path, document_id="order.eml")

    assert found.title == "Änderung: Auftrag 88"
    assert found.text == snapshot("""\
Subject: Änderung: Auftrag 88
From: Desk <desk@example.org>
To: team@example.org

It moves to 19 March.


## pallets.csv

| pallet | weight |
| --- | --- |
| 1 | 310 kg |
| 2 | 287 kg |

## The old plan.eml

Subject: The old plan
From: Desk <desk@example.org>
To: team@example.org

It was 12 March.


#### terms.md

##### Terms

Thirty days.\
""")
    assert found.report.notices == ("x.bin was not read: no reader supports .bin files",)


def test_a_page_that_says_more_than_the_plain_text_is_read(tmp_path: Path, reader: DocumentReader) -> None:
    message = mail("News", "Your program cannot show this mail.")
    rows = "<tr><th>Plan<th>Fee<tr><td>S<td>5<tr><td>L<td>9"
    message.add_alternative(
        f"<h1>Fees</h1><p>New from May on for all of us.<table>{rows}</table>", subtype="html"
    )
    path = tmp_path / "news.eml"
    path.write_bytes(bytes(message))

    assert "| S | 5 |" in reader.read(path, document_id="news.eml").text


def test_every_message_of_a_mailbox_has_its_heading(tmp_path: Path, reader: DocumentReader) -> None:
    letters = [mail("First", "The gate is shut."), mail("Second", "The gate is open.")]
    path = tmp_path / "box.mbox"
    path.write_bytes(
        b"".join(b"From desk Mon Jun  1 04:28:28 2009\n" + bytes(each) + b"\n" for each in letters)
    )

    text = reader.read(path, document_id="box.mbox").text

    assert text.index("# First") < text.index("shut.") < text.index("# Second") < text.index("open.")


def test_the_files_of_an_archive_stand_under_their_paths(
    tmp_path: Path, reader: DocumentReader, office: Any
) -> None:
    pdf = office.pdf("a.pdf", [["Inside a PDF."]])
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.txt", "Deep down.")
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("docs/pallets.csv", CSV)
        archive.write(pdf, "docs/a.pdf")
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr(".hidden/x.txt", "no")
        archive.writestr("tool.exe", "MZ")

    found = reader.read(path, document_id="all.zip")

    assert found.text == snapshot("""\
## docs/a.pdf

Inside a PDF.

## docs/pallets.csv

| pallet | weight |
| --- | --- |
| 1 | 310 kg |
| 2 | 287 kg |

## inner.zip

#### deep.txt

Deep down.\
""")
    assert found.report.notices == ("tool.exe was not read: no reader supports .exe files",)


def test_tar_and_gzip_are_opened(tmp_path: Path, reader: DocumentReader) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("docs/note.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"Felt."))
        link = tarfile.TarInfo("docs/passwd.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with gzip.open(tmp_path / "note.txt.gz", "wb") as packed:
        packed.write(b"Packed felt.")

    assert reader.read(tmp_path / "a.tar.gz", document_id="a").text == "## docs/note.txt\n\nFelt."
    assert reader.read(tmp_path / "note.txt.gz", document_id="b").text == "## note.txt\n\nPacked felt."


def test_a_member_that_grows_beyond_all_measure_is_refused(tmp_path: Path, reader: DocumentReader) -> None:
    """A megabyte of zeros packs to a kilobyte, a gigabyte to a megabyte."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", "0" * 30_000_000)
        archive.writestr("good.txt", "Felt.")
    with gzip.open(tmp_path / "zeros.txt.gz", "wb") as packed:
        packed.write(b"0" * 30_000_000)

    found = reader.read(path, document_id="bomb.zip")

    assert found.text == "## good.txt\n\nFelt."
    assert "it would expand from" in found.report.notices[0]
    with pytest.raises(UnreadableDocument, match="it would expand to more than"):
        reader.read(tmp_path / "zeros.txt.gz", document_id="zeros")


def test_archives_in_archives_end_somewhere(tmp_path: Path, reader: DocumentReader) -> None:
    data = b"Felt."
    name = "note.txt"
    for depth in range(9):
        holder = io.BytesIO()
        with zipfile.ZipFile(holder, "w") as archive:
            archive.writestr(name, data)
            archive.writestr(f"level {depth}.txt", f"Level {depth}.")
        data, name = holder.getvalue(), "inner.zip"
    path = tmp_path / "deep.zip"
    path.write_bytes(data)

    found = reader.read(path, document_id="deep.zip")

    assert "Level 8." in found.text
    assert "Felt." not in found.text
    assert "it is nested more than" in "".join(found.report.notices)
