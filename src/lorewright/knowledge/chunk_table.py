"""Chunks, their vectors and their full text in a LanceDB table."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.background_loop import LOOP
from lancedb.index import FTS, BTree, IvfRq
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from lorewright.access.readable import EVERYTHING, Readable
from lorewright.documents import Chunk, Document
from lorewright.knowledge.chunk_rows import (
    CHUNK_COLUMNS,
    EMBEDDER,
    VECTOR,
    chunk_from,
    column_of,
    rows_of,
    scored,
)
from lorewright.knowledge.chunk_search import PROBES, Both, found_by_cache, found_by_table
from lorewright.knowledge.index import Embedded, Scored
from lorewright.knowledge.reading_filter import condition, condition_of, one_of, quoted
from lorewright.knowledge.stems import FULL_TEXT_LANGUAGES, asked_stems
from lorewright.knowledge.table_cache import TableCache, whole
from lorewright.knowledge.whole import mark_of_part, marks_of, whole_hashes

_NAME = "chunk"
_STAMP = b"lorewright"
_KEY = {b"lance-schema:unenforced-primary-key": b"true"}
"""With it a commit is tried anew where another one put the same chunks in since."""
_TRIES = 5
_SOUGHT = ("id", "document_id")
_MANY = 5_000
"""Chunks from which an approximate index answers sooner than a look at every vector."""
_GROWTH = 4
"""Times as many chunks as it was built for, and the vector index is built anew."""
_KEPT_VERSIONS = timedelta(minutes=3)
_REFINED, _REFINED_WHERE_LARGE, _LARGE = 4, 10, 100_000
"""As many times the hits as are asked for are compared by their whole vectors, and more of so many chunks:
those of the index are rounded to a bit each."""


class ChunkTable:
    """One row per chunk; every change is one commit, seen at once by all processes or not at all."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.stamp: dict[str, str] = json.loads(table.schema.metadata[_STAMP])
        """What was written on the table when it was made."""
        self._size = (-1, 0)
        self.cache = TableCache(table)

    @property
    def number(self) -> int:
        """Identify the state of the table; compaction raises it too."""
        return int(self._table.version)

    @property
    def n_chunks(self) -> int:
        """How many chunks are in."""
        return self.count(EVERYTHING)

    def count(self, readable: Readable) -> int:
        """Return how many chunks of documents that may be read are in."""
        return int(self._table.count_rows(condition_of(readable) or None))

    def replace(self, documents: Sequence[Document], parts: Sequence[Embedded]) -> None:
        """Put the chunks of these parts in the place of all older chunks of `documents`."""
        self._merge(marks_of(documents, parts), parts, n_before=0)

    def extend(self, document: Document, parts: Sequence[Embedded], *, n_before: int, is_last: bool) -> None:
        """Put a part of a long document's chunks in, behind `n_before`; with the last it is indexed."""
        mark = mark_of_part(document, parts, n_before=n_before, is_last=is_last)
        self._merge(mark, parts, n_before=n_before)

    def _merge(self, marks: Mapping[str, str], parts: Sequence[Embedded], *, n_before: int) -> None:
        """Put chunks in; what is committed is looked at: another process may have been at it too."""
        self._make_room(parts)
        rows = rows_of(marks, parts, self._table.schema, self.stamp)
        documents = one_of(list(marks))
        for _ in range(_TRIES):
            self._put(rows, documents, is_replacing=n_before == 0)
            n_chunks = self._table.count_rows(documents)
            if n_chunks > n_before + rows.num_rows:
                self._drop_doubles(documents)
            if n_before or n_chunks >= rows.num_rows:
                return

    def _put(self, rows: pa.Table, documents: str, *, is_replacing: bool) -> None:
        """Commit rows, and that older ones of these documents go: in a large table with a second commit."""
        merge = self._table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
        is_replacing = is_replacing and self._table.count_rows(documents) > 0
        if is_replacing and self.n_chunks < _MANY:  # in one commit, which looks at every chunk
            merge = merge.when_not_matched_by_source_delete(documents)
            is_replacing = False
        merge.execute(rows, on_bad_vectors="null")  # a chunk has no vector of other models than its own
        if is_replacing:
            self._table.delete(documents + _none_of(rows["id"].to_pylist()))

    def _drop_doubles(self, wanted: str) -> None:
        """Keep one row of each chunk: two processes that put it in at once leave two.

        A table of an earlier release has no key that keeps them from it. Numbers of rows are never given
        again: where the table changed meanwhile, nothing is taken out, and it is looked at anew.
        """
        for _ in range(_TRIES):
            rows = self._table.search().where(wanted).select(["id"]).with_row_id(with_row_id=True).to_arrow()
            numbers = rows["_rowid"].to_pylist()
            kept = dict(sorted(zip(rows["id"].to_pylist(), numbers, strict=True), key=itemgetter(1)))
            doubles = set(numbers) - set(kept.values())
            if not doubles:
                return
            self._table.delete(f"_rowid IN ({', '.join(map(str, sorted(doubles)))})")

    def _make_room(self, parts: Sequence[Embedded]) -> None:
        """Add a column for the vectors of a model that has none here yet."""
        first, names = self.stamp.get("embedder", ""), set(self._table.schema.names)
        missing = [] if EMBEDDER in names else [pa.field(EMBEDDER, pa.string())]
        for part in parts:
            column = column_of(part.embedder, first)
            if part.vectors is not None and column not in {*names, *(field.name for field in missing)}:
                missing.append(pa.field(column, pa.list_(pa.float32(), part.vectors.shape[1])))
        if missing:
            self._table.add_columns(pa.schema(missing))

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take out all chunks of these documents."""
        if document_ids:
            self._table.delete(one_of(document_ids))

    def by_text(
        self, words: str, *, n: int, among: Collection[str] | None = None, readable: Readable = EVERYTHING
    ) -> Scored:
        """Return the `n` chunks with the highest BM25 score, best first, `among` some documents or all."""
        match = MatchQuery(self._asked(words), "indexed")  # type: ignore[call-arg]  # pydantic fills in the rest
        query = _limited(self._table.search(match, query_type="fts"), among, readable)
        return scored(query.select([*CHUNK_COLUMNS, "_score"]).limit(n).to_list(), "_score")

    def by_vector(
        self,
        vector: NDArray[np.float32],
        *,
        n: int,
        embedder: str = "",
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> Scored:
        """Return the `n` chunks with the highest cosine, best first, `among` some documents or all.

        They are those that `embedder` embedded, where it is not the model that the index was made with.
        """
        column = column_of(embedder, self.stamp.get("embedder", ""))
        query = self._table.search(vector, vector_column_name=column).distance_type("dot")
        query = query.nprobes(PROBES).refine_factor(_REFINED_WHERE_LARGE if self._is_large() else _REFINED)
        query = _limited(query, among, readable)
        rows = query.select([*CHUNK_COLUMNS, "_distance"]).limit(n).to_list()
        return [(chunk, 1.0 - distance) for chunk, distance in scored(rows, "_distance")]

    def by_both(
        self,
        words: str,
        vectors: Sequence[tuple[str, NDArray[np.float32]]],
        *,
        n: int,
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> tuple[Scored, list[Scored]]:
        """Return what `by_text` and, for each embedder and vector, `by_vector` return, at less cost.

        Once much was searched for, vectors and chunks are looked for in memory. Before that, both sides are
        looked for in one go, and each chunk is loaded once. Rows are known by their numbers meanwhile, which
        hold for one state of the table: where that changed, both are asked anew.
        """
        nearest = [(column_of(name, self.stamp.get("embedder", "")), vector) for name, vector in vectors]
        asked = self._asked(words)
        held = found_by_cache(
            self.cache, self._table._table, asked, nearest, n=n, among=among, readable=readable
        )
        if held is not None:
            return held
        wanted = condition(among, readable)
        refined = _REFINED_WHERE_LARGE if nearest and self._is_large() else _REFINED
        running = found_by_table(self._table._table, asked, nearest, n=n, wanted=wanted, refined=refined)
        found: Both | None = LOOP.run(running)  # type: ignore[no-untyped-call]
        if found is not None:
            return found
        return self.by_text(words, n=n, among=among, readable=readable), [
            self.by_vector(vector, n=n, embedder=name, among=among, readable=readable)
            for name, vector in vectors
        ]

    def _asked(self, words: str) -> str:
        """Return the words of a query, with their stems where the full text makes none."""
        return f"{words} {asked_stems(words, self.stamp['language'])}".rstrip()

    def _is_large(self) -> bool:
        """Whether the nearest of rounded vectors are often others than the nearest of whole ones."""
        number = self.number
        if self._size[0] != number:
            self._size = (number, self.n_chunks)
        return self._size[1] > _LARGE

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in the order of its text."""
        query = self._table.search().where(one_of([document_id])).select(CHUNK_COLUMNS)
        return sorted((chunk_from(row) for row in query.to_list()), key=lambda chunk: chunk.start)

    def sample(self, *, n: int = 20) -> str:
        """Return the text of some chunks."""
        rows = self._table.search().select(["text"]).limit(n).to_list()
        return "\n".join(row["text"] for row in rows)

    def text_hashes(self) -> dict[str, str]:
        """Return the hash of every document's text as it was when it was indexed, in the order of ids.

        It is '' for one that is not whole: of which chunks are missing, in twice, or of two texts.
        """
        pairs = self._columns("document_id", "text_hash")
        counts = pairs.group_by(["document_id", "text_hash"]).aggregate([([], "count_all")]).to_pylist()
        return whole_hashes((row["document_id"], row["text_hash"], row["count_all"]) for row in counts)

    @property
    def is_mixed(self) -> bool:
        """Whether another model than the one that the index was made with embedded a chunk, or none did."""
        first = self.stamp.get("embedder", "")
        has_names = EMBEDDER in self._table.schema.names
        return has_names and self._table.count_rows(f"{EMBEDDER} <> {quoted(first)}") > 0

    def embedders(self) -> dict[str, str]:
        """Return by the id of each document which model embedded it: '' where none did."""
        first = self.stamp.get("embedder", "")
        if EMBEDDER not in self._table.schema.names:  # a table of an earlier release
            return dict.fromkeys(self.text_hashes(), first)
        pairs = self._columns("document_id", EMBEDDER)
        distinct = pairs.group_by(["document_id", EMBEDDER]).aggregate([]).to_pylist()
        return {pair["document_id"]: first if pair[EMBEDDER] is None else pair[EMBEDDER] for pair in distinct}

    def used_embedders(self) -> list[str]:
        """Return the names of the models that embedded any chunk, that of the index first."""
        first = self.stamp.get("embedder", "")
        if EMBEDDER not in self._table.schema.names:
            return [first]
        rows = self.cache.at(self.number)
        names = rows.models if rows else self._columns(EMBEDDER)[EMBEDDER].unique().to_pylist()
        used = {first if name is None else name for name in names} - {""}
        return sorted(used, key=lambda name: (name != first, name))

    def _columns(self, *names: str) -> pa.Table:
        """Return columns of all rows."""
        return whole(self._table._table.query().select(list(names)))

    @property
    def n_scattered(self) -> int:
        """How many chunks came since the last compaction: full text looks through them one by one."""
        stats = self._table.index_stats("indexed_idx")
        return int(stats.num_unindexed_rows) if stats else self.n_chunks

    def is_scattered(self, *, n_chunks: int, n_writes: int = _MANY) -> bool:
        """Return whether more than so many chunks, or writes, came since the last compaction."""
        if self.n_scattered > n_chunks:
            return True
        return int(self._table.stats()["fragment_stats"]["num_fragments"]) > n_writes

    def compact(self) -> None:
        """Merge what many writes left behind, take new chunks into the indexes, drop old versions.

        Where another process does the same at this moment, it is left to that one.
        """
        try:
            self._compact()
        except RuntimeError as error:  # LanceDB has no class of its own for it
            if "conflict" not in str(error):
                raise

    def _compact(self) -> None:
        indexed = {tuple(index.columns): index.name for index in self._table.list_indices()}
        for column in _SOUGHT:
            if (column,) not in indexed:  # a table of an earlier release
                self._table.create_index(column, config=BTree())
        for column in self._table.schema.names:
            if column.startswith(VECTOR):
                self._index_vectors(column, indexed.get((column,), ""))
        self._table.optimize(cleanup_older_than=_KEPT_VERSIONS)

    def _index_vectors(self, column: str, name: str) -> None:
        """Build the index of one model's vectors where they are many, and anew when they are more.

        How it is divided follows from how many chunks there were then: that is in its name.
        """
        n_chunks = self._n_embedded(column)
        n_then = int(name.rpartition("_")[2]) if name.rpartition("_")[2].isdigit() else 0
        if n_chunks < max(_MANY, _GROWTH * n_then):
            return
        config = IvfRq(distance_type="dot")
        self._table.create_index(column, config=config, name=f"{column}_{n_chunks}")
        if name:
            self._table.drop_index(name)

    def _n_embedded(self, column: str) -> int:
        """Return how many chunks have a vector in a column."""
        if EMBEDDER not in self._table.schema.names:
            return self.n_chunks
        first = self.stamp.get("embedder", "")
        names = [name for name in self.used_embedders() if column_of(name, first) == column]
        is_one = " OR ".join(f"{EMBEDDER} = {quoted(name)}" for name in names)
        is_old = f"{EMBEDDER} IS NULL" if column == VECTOR else ""
        wanted = " OR ".join(part for part in (is_one, is_old) if part)
        return int(self._table.count_rows(wanted)) if wanted else 0


def find_chunk_table(folder: Path | str) -> ChunkTable | None:
    """Return the table in `folder`, or at a URL, or `None` where nothing was added yet."""
    if isinstance(folder, Path) and not (folder / f"{_NAME}.lance").exists():
        return None
    try:
        table = _connect(folder).open_table(_NAME)
    except ValueError as error:
        if "not found" not in str(error):
            raise
        return None  # another process is making it at this moment
    if not _has_text_index(table):  # stopped between the steps of make_chunk_table
        _index_text(table)
    return ChunkTable(table)


def make_chunk_table(folder: Path | str, *, n_dimensions: int, stamp: Mapping[str, str]) -> ChunkTable:
    """Return a new, empty table in `folder`, or at a URL; words are stemmed for `stamp["language"]`."""
    schema = pa.schema(
        [
            pa.field("id", pa.string(), nullable=False, metadata=_KEY),
            ("document_id", pa.string()),
            ("text_hash", pa.string()),
            ("title", pa.string()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("text", pa.string()),
            ("heading_path", pa.list_(pa.string())),
            ("page", pa.int32()),
            ("header", pa.string()),
            ("indexed", pa.string()),
            (EMBEDDER, pa.string()),
            (VECTOR, pa.list_(pa.float32(), n_dimensions)),
        ],
        metadata={_STAMP: json.dumps(stamp).encode()},
    )
    table = _connect(folder).create_table(_NAME, schema=schema, exist_ok=True)
    _index_text(table)
    _index_names(table)
    return ChunkTable(table)


def drop_chunk_table(folder: Path | str) -> None:
    """Remove the table in `folder`, or at a URL, if there is one."""
    _connect(folder).drop_table(_NAME, ignore_missing=True)


def _connect(folder: Path | str) -> Any:
    # Zero: what another process wrote is seen by the next search.
    return lancedb.connect(folder, read_consistency_interval=timedelta(0))


def _index_text(table: Any) -> None:
    language = json.loads(table.schema.metadata[_STAMP])["language"]
    language = language if language in FULL_TEXT_LANGUAGES else "English"  # ours stand beside the words
    # icu finds words in every script and keeps 18.0.69 whole. Stop words hurt: chunks are too short
    # for BM25 to discount them.
    config = FTS(base_tokenizer="icu", language=language, stem=True, remove_stop_words=True)
    try:
        table.create_index("indexed", config=config)
    except RuntimeError:  # another process that found the new table was quicker
        table.checkout_latest()
        if not _has_text_index(table):
            raise


def _has_text_index(table: Any) -> bool:
    return any(index.columns == ["indexed"] for index in table.list_indices())


def _index_names(table: Any) -> None:
    """Let chunks be found by what they are called, however many there are."""
    with suppress(RuntimeError):  # another process is quicker; compaction makes what is missing
        for column in _SOUGHT:
            table.create_index(column, config=BTree())


def _limited(query: Any, among: Collection[str] | None, readable: Readable) -> Any:
    """Return a query that looks, before it ranks, at these documents only and at what may be read."""
    wanted = condition(among, readable)
    return query.where(wanted, prefilter=True) if wanted else query


def _none_of(ids: Sequence[str]) -> str:
    """Return the further SQL condition that a chunk has none of these ids."""
    listed = ", ".join(map(quoted, ids))
    return f" AND id NOT IN ({listed})" if ids else ""
