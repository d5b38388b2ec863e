"""What searches need of a table, kept in memory once so much is searched for that reading it all pays.

It follows what is written, by whichever process: rows never change, so only those that came are read. While
it is read, and where it would take too much memory, searches ask LanceDB. Both find the same.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from weakref import WeakSet

import numpy as np
import pyarrow as pa
from lancedb.background_loop import LOOP

from lorewright.knowledge.cached_rows import CachedRows, Documents, Part, merged, part_of, surviving
from lorewright.knowledge.chunk_rows import CHUNK_COLUMNS, EMBEDDER, VECTOR
from lorewright.knowledge.rounded_vectors import Turn

_MOST_BYTES, _SHARE = 2_000_000_000, 16
"""All tables of a process take no more memory than this, nor than one part in so many of the machine's."""
_PATIENCE, _LEAST_SEARCHES = 4_096, 4
"""A table is read after one search for every so many chunks, and no sooner than the fourth."""
_FINE = 200_000
"""Chunks up to which vectors are rounded to 16 bits a number, not 8."""
_CHUNK_BYTES = 1_000
_AT_ONCE, _READ_AT_ONCE = 65_536, 8_192
_SMALL = 4_096
"""Rows below which parts are joined to one."""
_MOST_ADDED, _ADDED_SHARE = 2_048, 16
"""New rows that a search reads by itself; more are read beside the searches, with all the others."""


class TableCache:
    """The rows of one table in memory, or not yet."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._rows: CachedRows | None = None
        self._n_searches = 0
        self._changing = Lock()
        self._reader: Thread | None = None
        self._is_fine = self._is_small_enough = True

    def latest(self) -> CachedRows | None:
        """Return the rows as they were last read, for one more search; it may begin to read them."""
        self._n_searches += 1
        if self._rows is None and self._n_searches >= _LEAST_SEARCHES and self._is_small_enough:
            self._begin()
        return self._rows

    def at(self, state: int) -> CachedRows | None:
        """Return the rows of this state of the table or a later one, `None` where all must be read anew."""
        rows = self._rows
        if rows is None or rows.state >= state:
            return rows
        if not self._changing.acquire(blocking=False):
            return None  # another thread is at it: this search asks LanceDB
        try:
            self._rows = self._followed(rows, state)
            if self._rows is None:
                self._n_searches = 0
            return self._rows
        finally:
            self._changing.release()

    @property
    def may_be_filled(self) -> bool:
        """Whether there is memory enough for the table, as far as is known."""
        return self._is_small_enough

    def wait(self) -> None:
        """Wait for what is being read."""
        if self._reader is not None:
            self._reader.join()

    def forget(self) -> int:
        """Give the memory back and return how much it was."""
        rows, self._rows, self._n_searches = self._rows, None, 0
        return rows.n_bytes if rows else 0

    @property
    def n_bytes(self) -> int:
        """How much memory it takes."""
        rows = self._rows
        return rows.n_bytes if rows else 0

    def _begin(self) -> None:
        """Read the table beside the searches, unless it is too early or being done."""
        if not self._changing.acquire(blocking=False):
            return
        is_begun = False
        try:
            n_rows = int(self._table.count_rows())
            self._is_small_enough = _fits(_vector_bytes(self._table, n_rows))
            if self._is_small_enough and self._n_searches >= n_rows // _PATIENCE:
                self._reader = Thread(target=self._read, name="index cache", daemon=True)
                self._reader.start()
                is_begun = True
        finally:
            if not is_begun:  # else whoever reads releases it
                self._changing.release()

    def _read(self) -> None:
        try:
            with suppress(Exception):  # files may vanish meanwhile: the next search tells
                self._rows = self._whole()
                _CACHES.keep(self)
        finally:
            self._changing.release()
        with suppress(Exception):  # as above; without it each word is read when it is first searched for
            self._read_words()

    def _read_words(self) -> None:
        """Read the index of words, which LanceDB keeps in memory."""
        for index in self._table.list_indices():
            if index.columns == ["indexed"] and _fits(index.size_bytes or 0):
                self._table.prewarm_index(index.name)

    def _whole(self) -> CachedRows:
        state, n_rows = int(self._table.version), int(self._table.count_rows())
        self._is_fine = n_rows <= _FINE
        has_chunks = _fits(_vector_bytes(self._table, n_rows) + n_rows * _CHUNK_BYTES)
        documents = Documents()
        turns: dict[str, Turn] = {}
        rows = _scanned(self._table, _columns(self._table, has_chunks=has_chunks))
        parts = tuple(self._part(batch, documents, turns, has_chunks=has_chunks) for batch in rows)
        return CachedRows(state, parts, documents, turns)

    def _part(
        self, rows: pa.Table, documents: Documents, turns: dict[str, Turn], *, has_chunks: bool
    ) -> Part:
        columns = CHUNK_COLUMNS if has_chunks else ()
        return part_of(rows, documents, turns, is_fine=self._is_fine, chunk_columns=columns)

    def _followed(self, rows: CachedRows, state: int) -> CachedRows | None:
        """Return the rows of a later state, `None` where too much is new."""
        scan = self._table._table.query().select([]).with_row_id()
        read = whole(scan)
        numbers = np.sort(read["_rowid"].to_numpy().astype(np.uint64), kind="stable")  # nearly in order
        parts, is_new = [], np.ones(len(numbers), dtype=np.bool_)
        for part in rows.parts:
            left, stretch, is_known = surviving(part, numbers)
            is_new[stretch] &= ~is_known
            parts += [left] if left else []
        added = numbers[is_new]
        if len(added) > max(_MOST_ADDED, len(numbers) // _ADDED_SHARE):
            return None
        turns = dict(rows.turns)
        if len(added):
            has_chunks = all(part.chunks is not None for part in rows.parts)
            columns = _columns(self._table, has_chunks=has_chunks)
            taken = self._table._table.take_row_ids(added.tolist()).select(columns).with_row_id()
            loaded = whole(taken)
            if loaded.num_rows < len(added):
                return None
            parts.append(self._part(loaded, rows.documents, turns, has_chunks=has_chunks))
        return CachedRows(state, _few(parts), rows.documents, turns)


class _Caches:
    """The caches of a process: the one that was filled last, and as many others as there is memory for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: WeakSet[TableCache] = WeakSet()

    def keep(self, cache: TableCache) -> None:
        """Keep a cache that was filled just now; forget others where all are too much."""
        with self._lock:
            others = [other for other in self._known if other is not cache]
            self._known.add(cache)
            excess = cache.n_bytes + sum(other.n_bytes for other in others) - most_bytes()
            for other in others:
                if excess > 0:
                    excess -= other.forget()


_CACHES = _Caches()


def most_bytes() -> int:
    """Return how much memory the caches of this process may take together."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # not in a control group, or in one without a limit
        machine = min(machine, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return min(_MOST_BYTES, machine // _SHARE)


def _fits(n_bytes: int) -> bool:
    return n_bytes <= most_bytes()


def _vector_bytes(table: Any, n_rows: int) -> int:
    """Return about how much the vectors of so many rows take in memory."""
    sizes = [int(field.type.list_size) for field in table.schema if field.name.startswith(VECTOR)]
    n_bytes = 2 if n_rows <= _FINE else 1
    return n_rows * sum(size * n_bytes + size // 8 + 16 for size in sizes)


def _columns(table: Any, *, has_chunks: bool) -> list[str]:
    more = [name for name in table.schema.names if name.startswith(VECTOR) or name == EMBEDDER]
    return [*(CHUNK_COLUMNS if has_chunks else ["document_id"]), *more]


def _few(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with the small ones at the end joined to one."""
    kept = list(parts)
    small: list[Part] = []
    while kept and sum(map(len, small)) + len(kept[-1]) <= _SMALL:
        small.insert(0, kept.pop())
    return (*kept, merged(small)) if len(small) > 1 else tuple(parts)


def _scanned(table: Any, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield all rows, many at once."""
    query = table._table.query().select(list(columns)).with_row_id()
    reader = LOOP.run(query.to_batches(max_batch_length=_READ_AT_ONCE))  # type: ignore[no-untyped-call]
    waiting: list[pa.RecordBatch] = []
    while (batch := LOOP.run(_next(reader))) is not None:  # type: ignore[no-untyped-call]
        waiting.append(batch)
        if sum(map(len, waiting)) >= _AT_ONCE:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(map(len, waiting)):
        yield pa.Table.from_batches(waiting)


async def _next(reader: Any) -> pa.RecordBatch | None:
    return await anext(reader, None)


def whole(query: Any) -> pa.Table:
    """Return what a query finds, read in large pieces: each one costs a change of threads."""
    found: pa.Table = LOOP.run(_whole(query))  # type: ignore[no-untyped-call]
    return found


async def _whole(query: Any) -> pa.Table:
    reader = await query.to_batches(max_batch_length=1 << 20)
    return pa.Table.from_batches([batch async for batch in reader], reader.schema)
