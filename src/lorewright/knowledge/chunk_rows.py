"""Chunks as rows of a table, and rows as chunks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from lorewright.documents import Chunk
from lorewright.knowledge.index import Embedded, Scored
from lorewright.knowledge.stems import added_stems

EMBEDDER, VECTOR = "embedder", "vector"
"""Columns: which model embedded a chunk, and its vector by the model that the index was made with."""
CHUNK_COLUMNS = ["id", "document_id", "title", "start", "end", "text", "heading_path", "page", "header"]


def rows_of(
    marks: Mapping[str, str], parts: Sequence[Embedded], schema: pa.Schema, stamp: Mapping[str, str]
) -> pa.Table:
    """Return the rows of some chunks; each has a vector in the column of the model that embedded it.

    `stamp` tells the model that the index was made with, and the language of its words.
    """
    first, language = stamp.get("embedder", ""), stamp["language"]
    rows = [_rows_of(part, marks, schema, column_of(part.embedder, first), language) for part in parts]
    return pa.concat_tables(rows) if rows else schema.empty_table()


def _rows_of(
    part: Embedded, marks: Mapping[str, str], schema: pa.Schema, column: str, language: str
) -> pa.Table:
    columns: dict[str, Any] = {
        name: [getattr(chunk, name) for chunk in part.chunks]
        for name in CHUNK_COLUMNS
        if name != "heading_path"
    }
    columns["heading_path"] = [list(chunk.heading_path) for chunk in part.chunks]
    columns["text_hash"] = [marks[chunk.document_id] for chunk in part.chunks]
    columns["indexed"] = [_indexed(chunk, language) for chunk in part.chunks]
    columns[EMBEDDER] = [part.embedder] * len(part.chunks)
    for field in schema:
        if field.name == column and part.vectors is not None:
            numbers = pa.array(part.vectors.ravel())
            columns[column] = pa.FixedSizeListArray.from_arrays(numbers, field.type.list_size)
        elif field.name.startswith(VECTOR):
            columns[field.name] = pa.nulls(len(part.chunks), field.type)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def column_of(embedder: str, first: str) -> str:
    """Return where the vectors of a model are."""
    if embedder in ("", first):
        return VECTOR
    return f"{VECTOR}_{re.sub(r'[^a-z0-9]+', '_', embedder.lower())}"


def _indexed(chunk: Chunk, language: str) -> str:
    """Return what full text looks through: title and headings count twice, stems stand behind."""
    words = "\n".join((chunk.title, *chunk.heading_path, chunk.context))
    return f"{words}\n{added_stems(words, language)}".rstrip()


def scored(rows: list[dict[str, Any]], score: str) -> Scored:
    """Return the chunks of rows with what a column says of each."""
    return [(chunk_from(row), float(row[score])) for row in rows]


def chunk_from(row: Mapping[str, Any]) -> Chunk:
    """Return the chunk of a row."""
    values = {name: row[name] for name in CHUNK_COLUMNS}
    return Chunk(**{**values, "heading_path": tuple(row["heading_path"])})


def chunks_from(rows: pa.Table) -> list[Chunk]:
    """Return the chunks of some rows, in order."""
    columns = [rows[name].to_pylist() for name in CHUNK_COLUMNS]
    return [
        Chunk(own, document, title, start, end, text, tuple(headings), page, header)
        for own, document, title, start, end, text, headings, page, header in zip(*columns, strict=True)
    ]
