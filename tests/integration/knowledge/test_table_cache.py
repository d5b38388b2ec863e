"""An index of which the rows are in memory: it finds what it finds without, whatever is written meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from lorewright.access.readable import EVERYTHING, Readable
from lorewright.documents import Chunk, Document
from lorewright.knowledge import table_cache
from lorewright.knowledge.chunk_table import ChunkTable, find_chunk_table, make_chunk_table
from lorewright.knowledge.index import Embedded, Scored

_DIMENSIONS = 32
_WORDS = ("oil", "leave", "pump", "room", "key", "train", "form", "hall", "wheel", "desk", "gate")


def vector_of(text: str) -> NDArray[np.float32]:
    drawn = np.random.default_rng(crc32(text.encode())).standard_normal(_DIMENSIONS)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def put(table: ChunkTable, *names: str, said: str = "", model: str = "one") -> None:
    """Put a document of three chunks in for each name, in one commit."""
    documents: list[Document] = []
    chunks: list[Chunk] = []
    for name in names:
        parts = [f"{name} {said} {_WORDS[(len(name) + at) % 11]} {_WORDS[at]} {at}." for at in range(3)]
        documents.append(Document(name, name, "\n".join(parts)))
        starts = [documents[-1].text.index(part) for part in parts]
        chunks += [
            Chunk(f"{name}#{start}", name, name, start, start + len(part), part, ("Head", name), 1)
            for part, start in zip(parts, starts, strict=True)
        ]
    vectors = np.stack([vector_of(chunk.text) for chunk in chunks])
    table.replace(documents, [Embedded(model, chunks, vectors)])


@pytest.fixture
def table(tmp_path: Path) -> ChunkTable:
    table = make_chunk_table(
        tmp_path / "index", n_dimensions=_DIMENSIONS, stamp={"language": "English", "embedder": "one"}
    )
    put(table, *(f"{folder}page-{number}.md" for number in range(10) for folder in ("", "hr/")))
    table.compact()  # until then, words are counted among the chunks that may be found
    return table


def warm(table: ChunkTable) -> None:
    """Search until all is in memory."""
    for _ in range(5):
        table.by_both("oil", [("one", vector_of("oil"))], n=3)
    table.cache.wait()
    assert table.cache.n_bytes > 0


def assert_both_agree(table: ChunkTable, **limits: Any) -> None:
    """Assert that the rows in memory find what LanceDB finds without them, with the same scores."""
    for words in ("oil", "leave the room", "page", "hr"):
        text, (dense,) = table.by_both(words, [("one", vector_of(words))], n=12, **limits)
        assert table.cache.n_bytes, "it was asked of memory"
        assert_same(text, table.by_text(words, n=12, **limits))
        assert_same(dense, table.by_vector(vector_of(words), n=12, **limits))


def assert_same(found: Scored, wanted: Scored) -> None:
    """Assert the same chunks with about the same scores; those with equal scores may change places."""
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=1e-4)
    least = min((score for _, score in wanted), default=0.0) + 1e-4  # others may be as good as the last
    for some, others in ((found, wanted), (wanted, found)):
        assert {chunk for chunk, score in some if score > least} <= {chunk for chunk, _ in others}


@pytest.mark.parametrize("among", [None, ["page-1.md", "hr/page-2.md", "page-5.md", "gone.md"], ["gone.md"]])
@pytest.mark.parametrize("readable", [EVERYTHING, Readable(True, frozenset({"hr/"}), frozenset())])
def test_memory_finds_what_the_table_finds(
    table: ChunkTable, among: list[str] | None, readable: Readable
) -> None:
    """Whoever searches more often than others may not get other answers, nor see what they may not."""
    warm(table)

    assert_both_agree(table, among=among, readable=readable)


def _add(table: ChunkTable) -> None:
    put(table, "new.md", "hr/new.md")


def _change(table: ChunkTable) -> None:
    put(table, "page-3.md", said="changed oil")


def _remove(table: ChunkTable) -> None:
    table.remove(["page-1.md", "hr/page-9.md"])


def _compact(table: ChunkTable) -> None:
    _change(table)
    table.compact()


@pytest.mark.parametrize("write", [_add, _change, _remove, _compact])
def test_memory_follows_what_another_process_writes(
    table: ChunkTable, tmp_path: Path, write: Callable[[ChunkTable], None]
) -> None:
    """A page that was corrected a moment ago must not be answered from as it was."""
    warm(table)
    other = find_chunk_table(tmp_path / "index")
    assert other is not None

    for _ in range(2):
        write(other)
        assert_both_agree(table)


def test_the_index_of_words_is_read_too(table: ChunkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(type(table._table), "prewarm_index", lambda _, name: read.append(name))

    warm(table)

    indexed = {index.name: index.columns for index in table._table.list_indices()}
    assert [indexed[name] for name in read] == [["indexed"]]


def test_many_small_writes_leave_few_parts_in_memory(table: ChunkTable) -> None:
    """Each part costs every search a little: a thousand additions may not make it slow."""
    warm(table)

    for number in range(5):
        put(table, f"later-{number}.md")
        assert_both_agree(table)

    rows = table.cache.latest()
    assert rows is not None
    assert len(rows.parts) == 1
    assert rows.n_rows == table.n_chunks


def test_a_table_that_became_another_is_read_anew_and_answers_meanwhile(
    table: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large addition, or a compaction: reading it all would hold up the search that comes next."""
    warm(table)
    monkeypatch.setattr(table_cache, "_MOST_ADDED", 5)

    put(table, *(f"later-{number}.md" for number in range(12)))
    text, _ = table.by_both("later", [("one", vector_of("x"))], n=50)

    assert {chunk.document_id for chunk, _ in text} == {f"later-{number}.md" for number in range(12)}
    assert table.cache.n_bytes == 0
    warm(table)
    assert_both_agree(table)


def test_vectors_of_a_second_model_are_found_among_its_own_chunks(table: ChunkTable) -> None:
    """German pages beside English ones: each has a vector of its own model only."""
    warm(table)
    put(table, "seite.md", "hr/seite.md", model="two")

    _, (one, two) = table.by_both("oil", [("one", vector_of("oil")), ("two", vector_of("oil"))], n=100)

    assert {chunk.document_id for chunk, _ in two} == {"seite.md", "hr/seite.md"}
    assert len(one) == 60
    assert_same(two, table.by_vector(vector_of("oil"), n=100, embedder="two"))


def test_which_models_are_used_is_told_from_memory(table: ChunkTable) -> None:
    warm(table)
    told = [table.used_embedders()]
    put(table, "seite.md", "hr/seite.md", model="two")
    told.append(table.used_embedders())
    table.remove(["seite.md"])
    told.append(table.used_embedders())
    table.remove(["hr/seite.md"])
    told.append(table.used_embedders())

    assert told == [["one"], ["one", "two"], ["one", "two"], ["one"]]
    assert table.cache.n_bytes, "it was asked of memory"


def test_a_table_that_would_take_too_much_memory_is_not_read(
    table: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server with little memory searches as before, on disk."""
    monkeypatch.setattr(table_cache, "_MOST_BYTES", 1_000)
    for _ in range(6):
        table.by_both("oil", [("one", vector_of("oil"))], n=3)
    table.cache.wait()

    assert table.cache.n_bytes == 0


def test_chunks_are_loaded_one_by_one_where_memory_is_for_vectors_only(
    table: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million texts take more memory than their vectors: these alone make most of the difference."""
    monkeypatch.setattr(table_cache, "_MOST_BYTES", 40_000)
    warm(table)

    assert table.cache.n_bytes < 40_000
    assert_both_agree(table)


def test_the_index_that_was_read_last_keeps_its_memory(
    table: ChunkTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of many small indexes has no more in memory than it was given."""
    stamp = {"language": "English", "embedder": "one"}
    other = make_chunk_table(tmp_path / "other", n_dimensions=_DIMENSIONS, stamp=stamp)
    put(other, "page.md", "hr/page.md")
    warm(table)
    monkeypatch.setattr(table_cache, "_MOST_BYTES", table.cache.n_bytes + 100)
    warm(other)

    assert table.cache.n_bytes == 0
    assert_both_agree(other)
