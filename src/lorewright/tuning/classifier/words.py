"""Words and letters of texts as numbers: hashed n-grams, rare ones counting more (tf-idf)."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

N_PLACES = 2048
MOST_CHARACTERS = 4000
"""How much of a text is looked at."""
_WORD = re.compile(r"\w+")
_LETTERS = (3, 4)


def hashed_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return how often n-grams occur in every text, on a logarithmic scale: (texts, N_PLACES).

    An n-gram's place and sign follow from its hash (Weinberger et al. 2009): no vocabulary is kept.
    """
    counts = np.zeros((len(texts), N_PLACES), np.float32)
    for row, text in enumerate(texts):
        for gram, count in Counter(_grams(text)).items():
            place = zlib.crc32(gram.encode())
            counts[row, place % N_PLACES] += (1 if place >> 31 else -1) * (1 + math.log(count))
    return counts


def rarity_of(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much every place counts: the more, the fewer texts have something there."""
    n_holding = (counts != 0).sum(axis=0)
    rarity: NDArray[np.float32] = (np.log((1 + len(counts)) / (1 + n_holding)) + 1).astype(np.float32)
    return rarity


def word_rows(counts: NDArray[np.float32], rarity: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of length one."""
    rows = counts * rarity
    scaled: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled


def _grams(text: str) -> Iterator[str]:
    words = _WORD.findall(text[:MOST_CHARACTERS].casefold())
    yield from (f"w {word}" for word in words)
    yield from (f"b {first} {second}" for first, second in pairwise(words))
    for word in words:
        padded = f"<{word}>"
        for n in _LETTERS:
            yield from (f"c {padded[start : start + n]}" for start in range(len(padded) - n + 1))
