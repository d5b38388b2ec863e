"""A hostile file is lost, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from lorewright.documents import DocumentReader, ReadLimits
from lorewright.errors import UnreadableDocument

pytestmark = pytest.mark.thorough


def page(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


def test_a_file_that_hangs_its_reader_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    """This one keeps Python's own HTML parser busy for hours."""
    hanging = page(tmp_path / "hanging.html", "<a " * 100_000)
    good = page(tmp_path / "good.html", "<p>Good.")

    with DocumentReader(ReadLimits(seconds=4.0)) as reader:
        with pytest.raises(UnreadableDocument, match=r"reading it took more than 4 seconds"):
            reader.read(hanging, document_id="hanging.html")
        assert reader.read(good, document_id="good.html").text == "Good."


def test_a_file_that_eats_memory_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    greedy = page(tmp_path / "greedy.html", "<p><i>x</i>" * 100_000)
    good = page(tmp_path / "good.html", "<p>Good.")

    with DocumentReader(ReadLimits(memory_bytes=60 * 1024**2)) as reader:
        with pytest.raises(UnreadableDocument, match="memory"):
            reader.read(greedy, document_id="greedy.html")
        assert reader.read(good, document_id="good.html").text == "Good."


def test_a_zip_bomb_is_refused(office: Any) -> None:
    """Forty megabytes of zeros in a Word file of forty kilobytes."""
    bomb = office.docx("bomb.docx", "<w:p><w:r><w:t>" + "0" * 40_000_000 + "</w:t></w:r></w:p>")

    with DocumentReader() as reader, pytest.raises(UnreadableDocument, match="ZIP bomb"):
        reader.read(bomb, document_id="bomb.docx")


def test_a_file_with_too_much_text_is_refused(tmp_path: Path) -> None:
    long = page(tmp_path / "long.html", "<p>word word</p>" * 2_000)

    with (
        DocumentReader(ReadLimits(text_chars=10_000)) as reader,
        pytest.raises(UnreadableDocument, match="the limit is 10,000"),
    ):
        reader.read(long, document_id="long.html")


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    """A document must not read other files of the machine, nor call home."""
    secret = page(tmp_path / "secret.txt", "TOP SECRET")
    path = tmp_path / "evil.xml"
    path.write_text(f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{secret}">]><a><b>before &e; after</b></a>')

    with DocumentReader() as reader:
        try:
            text = reader.read(path, document_id="evil.xml").text
        except UnreadableDocument as refused:
            text = str(refused)

    assert "TOP SECRET" not in text
