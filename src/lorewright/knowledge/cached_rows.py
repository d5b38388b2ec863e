"""Rows of a table in memory as they were at one state of it: who they are, their vectors, their chunks.

A row never changes: a changed chunk is another row with another number, which no later row is given. So the
rows of one state are those of the last without what went and with what came.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lorewright.access.readable import Readable
from lorewright.documents import Chunk
from lorewright.knowledge.chunk_rows import EMBEDDER, chunks_from
from lorewright.knowledge.rounded_vectors import Mask, RoundedVectors, Turn, joined, nearest, rounded

_MASKS = 8
"""Selections of documents that are remembered, for one state of a table."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of one model in a part of a table, and which of its rows have one (`None`: each).

    `model` is its name, `None` in a table of an earlier release.
    """

    rounded: RoundedVectors
    places: NDArray[np.intp] | None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows in the order of their numbers, and which of them are still in the table (`None`: all)."""

    numbers: NDArray[np.uint64]
    documents: NDArray[np.int32]
    vectors: Mapping[str, Vectors]
    chunks: pa.Table | None
    alive: Mask | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def n_bytes(self) -> int:
        """How much memory they take."""
        taken = self.numbers.nbytes + self.documents.nbytes + (self.chunks.nbytes if self.chunks else 0)
        return taken + sum(vectors.rounded.n_bytes for vectors in self.vectors.values())


@dataclass(slots=True)
class Documents:
    """The ids of documents by the numbers that they have in memory."""

    ids: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def numbers_of(self, column: pa.ChunkedArray) -> NDArray[np.int32]:
        """Return the number of the document of each row; new ones get new numbers."""
        coded = column.combine_chunks().dictionary_encode()
        known = [self._number_of(document_id) for document_id in coded.dictionary.to_pylist()]
        numbers: NDArray[np.int32] = np.array(known, dtype=np.int32)[coded.indices.to_numpy()]
        return numbers

    def _number_of(self, document_id: str) -> int:
        number = self._numbers.setdefault(document_id, len(self.ids))
        if number == len(self.ids):
            self.ids.append(document_id)
        return number


@dataclass(slots=True)
class CachedRows:
    """All rows of a table at one state of it."""

    state: int
    parts: Sequence[Part]
    documents: Documents
    turns: Mapping[str, Turn]
    """By the column of a model, how its vectors were turned."""
    _masks: dict[tuple[frozenset[str] | None, Readable], list[Mask]] = field(default_factory=dict)

    @property
    def n_bytes(self) -> int:
        """How much memory they take."""
        return sum(part.n_bytes for part in self.parts)

    @property
    def n_rows(self) -> int:
        """How many rows are in the table."""
        return sum(len(part) if part.alive is None else int(part.alive.sum()) for part in self.parts)

    @property
    def models(self) -> set[str | None]:
        """The names of the models that embedded any row."""
        return {
            vectors.model
            for part in self.parts
            for vectors in part.vectors.values()
            if part.alive is None
            or part.alive[slice(None) if vectors.places is None else vectors.places].any()
        }

    def masks(self, among: Collection[str] | None, readable: Readable) -> list[Mask] | None:
        """Return which rows of each part are of these documents and may be read, `None` where all are."""
        if among is None and readable.is_all:
            return None
        key = (None if among is None else frozenset(among), readable)
        masks = self._masks.get(key)
        if masks is None:
            held = [
                (key[0] is None or name in key[0]) and (readable.is_all or readable.holds(name))
                for name in list(self.documents.ids)
            ]
            wanted = np.array(held, dtype=np.bool_)
            masks = [wanted[part.documents] for part in self.parts]
            while len(self._masks) >= _MASKS:
                self._masks.pop(next(iter(self._masks)), None)
            self._masks[key] = masks
        return masks

    def nearest(
        self, column: str, query: NDArray[np.float32], *, n: int, masks: Sequence[Mask] | None
    ) -> list[tuple[tuple[int, int], float]]:
        """Return the part and the place of the `n` rows nearest to a query, best first, and how near."""
        sought: list[tuple[RoundedVectors, Mask | None]] = []
        origins: list[tuple[int, NDArray[np.intp] | None]] = []
        for number, part in enumerate(self.parts):
            vectors = part.vectors.get(column)
            if vectors is None:
                continue
            mask = _both(part.alive, masks[number] if masks else None)
            places = vectors.places
            sought.append((vectors.rounded, mask if places is None or mask is None else mask[places]))
            origins.append((number, places))
        found = nearest(sought, query, self.turns[column], n=n) if sought else []
        return [
            ((origins[at][0], place if (places := origins[at][1]) is None else int(places[place])), score)
            for at, place, score in found
        ]

    def places_of(self, numbers: Sequence[int]) -> list[tuple[int, int]] | None:
        """Return the part and the place of rows with these numbers; `None` where one is not here."""
        wanted = np.array(numbers, dtype=np.uint64)
        places = np.full(len(wanted), -1, dtype=np.int64)
        homes = np.zeros(len(wanted), dtype=np.int64)
        for number, part in enumerate(self.parts):
            at = np.searchsorted(part.numbers, wanted)
            at[at == len(part)] = 0
            hit = part.numbers[at] == wanted
            if part.alive is not None:
                hit &= part.alive[at]
            places[hit], homes[hit] = at[hit], number
        if (places < 0).any():
            return None
        return list(zip(homes.tolist(), places.tolist(), strict=True))

    def chunks_at(self, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Chunk] | None:
        """Return the chunks at these places; `None` where chunks are not in memory."""
        order: list[tuple[int, int]] = []
        taken: list[pa.Table] = []
        for number, part in enumerate(self.parts):
            here = [place for home, place in places if home == number]
            if not here:
                continue
            if part.chunks is None:
                return None
            order += [(number, place) for place in here]
            taken.append(part.chunks.take(pa.array(here)))
        return dict(zip(order, chunks_from(pa.concat_tables(taken)), strict=True)) if taken else {}


def part_of(
    table: pa.Table,
    documents: Documents,
    turns: dict[str, Turn],
    *,
    is_fine: bool,
    chunk_columns: Sequence[str],
) -> Part:
    """Return rows that were read as a part; `turns` learns of vectors that it knows nothing of.

    Their chunks are in it where `chunk_columns` names what they are made of.
    """
    numbers = table["_rowid"].to_numpy().astype(np.uint64)
    if len(numbers) > 1 and not (numbers[1:] > numbers[:-1]).all():
        order = np.argsort(numbers)
        table, numbers = table.take(pa.array(order)), numbers[order]
    vectors: dict[str, Vectors] = {}
    for name in table.schema.names:
        if pa.types.is_fixed_size_list(table.schema.field(name).type):
            found = _vectors(table, name, turns, is_fine=is_fine)
            vectors |= {name: found} if found is not None else {}
    chunks = table.select(list(chunk_columns)).combine_chunks() if chunk_columns else None
    return Part(numbers, documents.numbers_of(table["document_id"]), vectors, chunks)


def surviving(part: Part, numbers: NDArray[np.uint64]) -> tuple[Part | None, slice, Mask]:
    """Return what is left of a part in a table with rows of these numbers, `None` for nothing.

    Also which stretch of the numbers could be the part's, and which of the stretch are.
    """
    first = int(np.searchsorted(numbers, part.numbers[0]))
    last = int(np.searchsorted(numbers, part.numbers[-1], side="right"))
    stretch = numbers[first:last]
    if len(stretch) == len(part) and np.array_equal(stretch, part.numbers):
        return _with(part, None), slice(first, last), np.ones(len(stretch), dtype=np.bool_)
    alive = np.isin(part.numbers, stretch, assume_unique=True)
    is_known = np.isin(stretch, part.numbers, assume_unique=True)
    return (_with(part, alive) if alive.any() else None), slice(first, last), is_known


def merged(parts: Sequence[Part]) -> Part:
    """Return neighbouring small parts as one."""
    vectors: dict[str, Vectors] = {}
    for column in {name for part in parts for name in part.vectors}:
        before, rounded_parts, places, model = 0, [], [], None
        for part in parts:
            if (held := part.vectors.get(column)) is not None:
                own = np.arange(len(part)) if held.places is None else held.places
                rounded_parts.append(held.rounded)
                places.append(own + before)
                model = held.model
            before += len(part)
        vectors[column] = Vectors(joined(rounded_parts), np.concatenate(places), model)
    tables = [part.chunks for part in parts if part.chunks is not None]
    is_alive = [np.ones(len(part), dtype=np.bool_) if part.alive is None else part.alive for part in parts]
    return Part(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.documents for part in parts]),
        vectors,
        pa.concat_tables(tables).combine_chunks() if len(tables) == len(parts) else None,
        np.concatenate(is_alive),
    )


def _vectors(table: pa.Table, name: str, turns: dict[str, Turn], *, is_fine: bool) -> Vectors | None:
    whole = table[name].combine_chunks()
    places = None
    if whole.null_count:
        places = np.flatnonzero(whole.is_valid().to_numpy(zero_copy_only=False))
        whole = whole.drop_null()
    if not len(whole):
        return None
    numbers = whole.flatten().to_numpy(zero_copy_only=False).reshape(len(whole), -1)
    if name not in turns:
        turns[name] = Turn(numbers)
    model = None
    if EMBEDDER in table.schema.names:
        model = table[EMBEDDER][0 if places is None else int(places[0])].as_py()
    return Vectors(rounded(numbers, turns[name], is_fine=is_fine), places, model)


def _with(part: Part, alive: Mask | None) -> Part:
    return Part(part.numbers, part.documents, part.vectors, part.chunks, alive)


def _both(left: Mask | None, right: Mask | None) -> Mask | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right
