"""Chunks that a plug-in cuts."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from lorewright.documents import Chunk, Document, chunks_of
from lorewright.errors import BrokenPlugin, UnknownName

PAGE = Document("leave.md", "Leave", "Everyone has 28 days.\n\nAsk early.")


def words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\w+", text)]


def cut_by(chunker: str) -> Sequence[Chunk]:
    return chunks_of(PAGE, chunker, token_offsets=words, size_tokens=32)


def test_our_own_chunker_is_the_usual_one() -> None:
    assert [chunk.text for chunk in cut_by("structure")] == [PAGE.text]


def test_an_unknown_chunker_says_which_there_are() -> None:
    with pytest.raises(UnknownName, match="No chunker named 'semantic'"):
        cut_by("semantic")


@pytest.mark.parametrize(
    ("chunks", "problem"),
    [
        ("Chunk('1', 'leave.md', '', 0, 5, 'Each')", "whose text is not at 0:5"),
        ("Chunk('1', 'other.md', '', 0, 8, 'Everyone')", "belongs to another document"),
        ("chunk_at(document, 23, 33), chunk_at(document, 0, 8)", "not in the order"),
        ("chunk_at(document, 0, 8), chunk_at(document, 0, 8)", "two chunks with the same id"),
    ],
)
def test_chunks_that_cannot_be_cited_are_refused(
    chunks: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A citation points at characters of a document: a chunk that is none of it would mislead."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_chunks", raising=False)
    (tmp_path / "acme_chunks.py").write_text(
        "from lorewright.documents import Chunk, chunk_at\n"
        f"def cut(document, **options):\n    return [{chunks}]\n"
    )
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lorewright.chunker]\nacme = acme_chunks:cut\n")

    with pytest.raises(BrokenPlugin, match=problem):
        cut_by("acme")
