"""What words and vectors find in a table: with its rows in memory where they are there, else by LanceDB."""

from asyncio import gather
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from lancedb.background_loop import LOOP
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from lorewright.access.readable import Readable
from lorewright.documents import Chunk
from lorewright.knowledge.cached_rows import CachedRows
from lorewright.knowledge.chunk_rows import CHUNK_COLUMNS, chunks_from
from lorewright.knowledge.index import Scored
from lorewright.knowledge.reading_filter import condition
from lorewright.knowledge.rounded_vectors import Mask
from lorewright.knowledge.table_cache import TableCache

PROBES = 64
"""Parts of the vector index that are searched: all, up to 250,000 chunks."""
_WIDEST, _SPARE = 1_024, 4
"""Words look for those that may be found among so many chunks at most, and among so many times the likely."""

Both = tuple[Scored, list[Scored]]
Place = tuple[int, int]


def found_by_cache(
    cache: TableCache,
    table: Any,
    words: str,
    vectors: Sequence[tuple[str, NDArray[np.float32]]],
    *,
    n: int,
    among: Collection[str] | None,
    readable: Readable,
) -> Both | None:
    """Return the best chunks by words and by each column's vector, `None` while the rows are not in memory.

    Where only some documents may be found, words look among all for many more chunks, and the others are
    left out; a condition that names the documents would cost more than the whole search. Scores are those
    among all chunks, as in an index that was compacted.
    """
    rows = cache.latest()
    if rows is None:
        return None
    masks = rows.masks(among, readable)
    n_words, wanted = _width(rows, masks, n), ""
    if n_words > _WIDEST:
        n_words, wanted = n, condition(among, readable)
    state, numbers, scores = LOOP.run(_by_words(table, words, n_words, wanted))  # type: ignore[no-untyped-call]
    if state != rows.state:
        rows = cache.at(state)
        if rows is None:
            return None
        masks = rows.masks(among, readable)
    places = rows.places_of(numbers)
    if places is None:
        return None  # it changed at this moment
    text = [(place, score) for place, score in zip(places, scores, strict=True) if _may(place, masks)][:n]
    if len(text) < n and not wanted and len(numbers) == n_words and masks is not None:
        _, numbers, scores = LOOP.run(_by_words(table, words, n, condition(among, readable)))  # type: ignore[no-untyped-call]
        if (places := rows.places_of(numbers)) is None:
            return None
        text = list(zip(places, scores, strict=True))
    dense = [rows.nearest(column, vector, n=n, masks=masks) for column, vector in vectors]
    chunks = _chunks(table, rows, dict.fromkeys(place for side in (text, *dense) for place, _ in side))
    if chunks is None:
        return None
    return [(chunks[place], score) for place, score in text], [
        [(chunks[place], score) for place, score in side] for side in dense
    ]


def _width(rows: CachedRows, masks: Sequence[Mask] | None, n: int) -> int:
    """Return among how many of the best chunks by words the best `n` that may be found are likely to be."""
    if masks is None:
        return n
    n_wanted = sum(int(mask.sum()) for mask in masks)
    return n * _SPARE * max(1, rows.n_rows) // n_wanted if n_wanted else _WIDEST + 1


def _may(place: Place, masks: Sequence[Mask] | None) -> bool:
    return masks is None or bool(masks[place[0]][place[1]])


def _chunks(table: Any, rows: CachedRows, places: Collection[Place]) -> dict[Place, Chunk] | None:
    """Return the chunks at some places, from memory or from the table."""
    held = rows.chunks_at(list(places))
    if held is not None:
        return held
    numbers = {int(rows.parts[part].numbers[place]): (part, place) for part, place in places}
    loaded = LOOP.run(_loaded(table, list(numbers)))  # type: ignore[no-untyped-call]
    found = zip(loaded["_rowid"].to_pylist(), chunks_from(loaded), strict=True)
    chunks = {numbers[number]: chunk for number, chunk in found}
    return chunks if len(chunks) == len(numbers) else None


async def _by_words(table: Any, words: str, n: int, wanted: str) -> tuple[int, list[int], list[float]]:
    """Return the state of a table, and the numbers and scores of the best rows by words, best first."""
    state = await table.version()
    query = table.query().nearest_to_text(MatchQuery(words, "indexed")).select(["_score"])  # type: ignore[call-arg]
    rows = await (query.where(wanted) if wanted else query).with_row_id().limit(n).to_arrow()
    return int(state), rows["_rowid"].to_pylist(), rows["_score"].to_pylist()


async def _loaded(table: Any, numbers: Sequence[int]) -> pa.Table:
    return await table.take_row_ids(list(numbers)).select(CHUNK_COLUMNS).with_row_id().to_arrow()


async def found_by_table(
    table: Any,
    words: str,
    vectors: Sequence[tuple[str, NDArray[np.float32]]],
    *,
    n: int,
    wanted: str,
    refined: int,
) -> Both | None:
    """Return what words and vectors find in a table, `None` where it changed meanwhile."""
    before = await table.version()
    queries = [table.query().nearest_to_text(MatchQuery(words, "indexed")).select(["_score"])]  # type: ignore[call-arg]
    for column, vector in vectors:
        query = table.query().nearest_to(vector).column(column).distance_type("dot")
        queries.append(query.nprobes(PROBES).refine_factor(refined).select(["_distance"]))
    limited = [(query.where(wanted) if wanted else query).with_row_id().limit(n) for query in queries]
    text, *dense = [rows.to_pylist() for rows in await gather(*(query.to_arrow() for query in limited))]
    numbers = list(dict.fromkeys(row["_rowid"] for rows in (text, *dense) for row in rows))
    loaded = await _loaded(table, numbers) if numbers else None
    chunks = (
        dict(zip(loaded["_rowid"].to_pylist(), chunks_from(loaded), strict=True))
        if loaded is not None
        else {}
    )
    if await table.version() != before or len(chunks) < len(numbers):
        return None
    return (
        [(chunks[row["_rowid"]], float(row["_score"])) for row in text],
        [[(chunks[row["_rowid"]], 1.0 - float(row["_distance"])) for row in rows] for rows in dense],
    )
