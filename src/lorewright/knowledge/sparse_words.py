"""A text as a sparse vector of its words, for stores that keep vectors and no full text."""

import re
from collections import Counter
from hashlib import blake2b

from lorewright.knowledge.words import content_words, stem

SATURATION, LENGTH_WEIGHT = 1.2, 0.75
MEAN_WORDS = 100.0
"""Content words of a usual chunk with its title: BM25's mean length, which no writer may look up."""
_PARTS = re.compile(r"[-'’.]")  # noqa: RUF001

Sparse = tuple[list[int], list[float]]
"""The numbers of words, ascending, and the weight of each."""


def words_of(text: str) -> list[str]:
    """Return the words of a text; what holds a hyphen or a dot is found whole and by its parts."""
    words: list[str] = []
    for word in content_words(text):
        words.append(word)
        parts = [part for part in _PARTS.split(word) if part]
        if len(parts) > 1:
            words += map(stem, parts)
    return words


def sparse_text(text: str) -> Sparse:
    """Return how much each word of an indexed text counts: BM25 without rarity, which the store knows."""
    counts = Counter(words_of(text))
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * sum(counts.values()) / MEAN_WORDS)
    return _sparse({word: n * (SATURATION + 1) / (n + norm) for word, n in counts.items()})


def sparse_query(text: str) -> Sparse:
    """Return the words of a query, each as often as it says it."""
    return _sparse(dict(Counter(words_of(text))))


def _sparse(weights: dict[str, float] | dict[str, int]) -> Sparse:
    numbered: dict[int, float] = {}
    for word, weight in weights.items():
        number = int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")
        numbered[number] = numbered.get(number, 0.0) + float(weight)
    return sorted(numbered), [numbered[number] for number in sorted(numbered)]
