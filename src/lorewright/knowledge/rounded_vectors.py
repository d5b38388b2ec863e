"""Vectors in memory: rounded to a bit each to choose from, rounded less to compare those that were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHOSEN, _CHOSEN_OF = 2_048, 200
"""As many vectors are compared for a query, and one more of so many: those whose signs agree with it most."""
_OF_HALF = 8
"""So many times as many are looked at in full: those of which the first half of the signs agrees most."""
_SAMPLED = 65_536
"""Vectors whose agreement tells from which agreement on they are compared."""
_WORD_BITS = 64
_AT_ONCE, _BLOCK = 512, 32_768

Mask = NDArray[np.bool_]
Counts = NDArray[np.uint8 | np.uint16]


@dataclass(frozen=True, slots=True)
class RoundedVectors:
    """Some vectors: their signs, and their numbers as integers with a scale."""

    signs: NDArray[np.uint64]
    """One row for each 64 dimensions: (words, vectors)."""
    numbers: NDArray[Any]
    scales: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.scales)

    @property
    def n_bytes(self) -> int:
        """How much memory they take."""
        return self.signs.nbytes + self.numbers.nbytes + self.scales.nbytes

    def scores(self, query: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the products of a query with the vectors at some places."""
        products = np.empty(len(places), dtype=np.float32)
        for first in range(0, len(places), _AT_ONCE):  # what fits into the processor's cache
            some = places[first : first + _AT_ONCE]
            products[first : first + _AT_ONCE] = self.numbers[some].astype(np.float32) @ query
        return products * self.scales[places]

    def disagreements(
        self, signs: NDArray[np.uint64], words: slice, places: NDArray[np.intp] | None = None
    ) -> Counts:
        """Return for each vector, or those at some places, how many of its signs are not those of a query.

        Of the signs only some words of 64 are looked at.
        """
        own, wanted = self.signs[words], signs[words]
        counted: Counts = np.zeros(len(self) if places is None else len(places), _kind(len(wanted)))
        for first in range(0, len(counted), _BLOCK):
            block = slice(first, first + _BLOCK)
            some = block if places is None else places[block]
            for word, its in zip(own, wanted, strict=True):
                counted[block] += np.bitwise_count(word[some] ^ its)
        return counted


class Turn:
    """Turns vectors at random about their mean, so that each sign says about as much as any other.

    Without it, directions in which texts differ much would count as little as those in which they hardly do
    (as in RaBitQ; Gao & Long 2024). The turn is always the same; the mean is that of the first vectors.
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._mean = vectors.mean(axis=0)
        self._matrix = _rotation(vectors.shape[1])

    def signs(self, vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
        """Return the signs of vectors, as whole words of 64 bits: (vectors, words)."""
        return _packed((vectors - self._mean) @ self._matrix)

    def signs_of_query(self, query: NDArray[np.float32]) -> NDArray[np.uint64]:
        """Return the signs of a query, of which the mean is not taken: it is a direction to look into."""
        signs: NDArray[np.uint64] = _packed((query @ self._matrix)[None])[0]
        return signs


@cache
def _rotation(n_dimensions: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(0).standard_normal((n_dimensions, n_dimensions))
    rotation: NDArray[np.float32] = np.linalg.qr(drawn)[0].astype(np.float32)
    return rotation


def rounded(vectors: NDArray[np.float32], turn: Turn, *, is_fine: bool) -> RoundedVectors:
    """Return vectors rounded: to 16 bits a number where it is fine, else to 8.

    The error of a product with a vector of length 1 is about .00001 in 16 bits, .0004 in 8.
    """
    kind, most = (np.int16, 32_767) if is_fine else (np.int8, 127)
    scales = np.abs(vectors).max(axis=1, initial=0.0) / most
    scales[scales == 0.0] = 1.0
    numbers = np.rint(vectors / scales[:, None]).astype(kind)
    signs = np.ascontiguousarray(turn.signs(vectors).T)
    return RoundedVectors(signs, numbers, scales.astype(np.float32))


def joined(parts: Sequence[RoundedVectors]) -> RoundedVectors:
    """Return the vectors of several parts as one."""
    return RoundedVectors(
        np.concatenate([part.signs for part in parts], axis=1),
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.scales for part in parts]),
    )


def nearest(
    parts: Sequence[tuple[RoundedVectors, Mask | None]], query: NDArray[np.float32], turn: Turn, *, n: int
) -> list[tuple[int, int, float]]:
    """Return the part, the place in it and the product with the query of the `n` nearest vectors, best first.

    Each part comes with a mask of those that may be found, `None` for all.
    """
    chosen = _chosen(parts, turn.signs_of_query(query))
    numbers = np.repeat(np.arange(len(parts)), [len(places) for places in chosen])
    places = np.concatenate(chosen)
    scores = np.concatenate(
        [part.scores(query, its) for (part, _), its in zip(parts, chosen, strict=True)], dtype=np.float32
    )
    best = np.argpartition(-scores, n)[:n] if len(scores) > n else np.arange(len(scores))
    best = best[np.lexsort((places[best], numbers[best], -scores[best]))]
    return list(zip(numbers[best].tolist(), places[best].tolist(), scores[best].tolist(), strict=True))


def _chosen(
    parts: Sequence[tuple[RoundedVectors, Mask | None]], signs: NDArray[np.uint64]
) -> list[NDArray[np.intp]]:
    """Return the places in each part of the vectors whose signs agree most with those of a query."""
    n_wanted = _CHOSEN + sum(len(part) for part, _ in parts) // _CHOSEN_OF
    first, second = slice(0, (len(signs) + 1) // 2), slice((len(signs) + 1) // 2, None)
    counts = [part.disagreements(signs, first) for part, _ in parts]
    far = _far(len(signs[first]))
    for count, (_, mask) in zip(counts, parts, strict=True):
        if mask is not None:
            count[~mask] = far
    limit = _limit(counts, far, _OF_HALF * n_wanted)
    places = [np.flatnonzero(count <= limit) for count in counts]
    totals = [
        count[its].astype(np.uint16) + part.disagreements(signs, second, its)
        for count, its, (part, _) in zip(counts, places, parts, strict=True)
    ]
    limit = _limit(totals, _far(len(signs)), n_wanted)
    return [its[total <= limit] for its, total in zip(places, totals, strict=True)]


def _far(n_words: int) -> int:
    """Return more disagreements than so many words can have."""
    return n_words * _WORD_BITS + 1


def _kind(n_words: int) -> type[np.uint8 | np.uint16]:
    return np.uint8 if _far(n_words) <= np.iinfo(np.uint8).max else np.uint16


def _limit(counts: Sequence[Counts], far: int, n_wanted: int) -> int:
    """Return within how many disagreements about `n_wanted` vectors lie, or all that are not far.

    Of many vectors a sample tells, one of every few.
    """
    step = max(1, sum(map(len, counts)) // _SAMPLED)
    totals = np.zeros(far + 1, dtype=np.intp)
    for count in counts:
        totals += np.bincount(count[::step], minlength=far + 1)
    return min(int(np.searchsorted(np.cumsum(totals), n_wanted / step)), far - 1)


def _packed(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return the signs of each row's numbers as whole words of 64 bits."""
    bits = np.packbits(vectors > 0, axis=1)
    missing = -bits.shape[1] % (_WORD_BITS // 8)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, missing)))).view(np.uint64)
