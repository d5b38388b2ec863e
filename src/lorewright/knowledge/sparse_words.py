"""A text as a sparse vector of its words, for stores that keep vectors and no full text.

Words are cut and stemmed much as LanceDB does it for full text in a folder, so that both find the same.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

import snowballstemmer

from lorewright.knowledge.stems import FULL_TEXT_LANGUAGES, stemmer, unaccented
from lorewright.knowledge.words import STOP_WORDS

SATURATION, LENGTH_WEIGHT = 1.2, 0.75
MEAN_WORDS = 100.0
"""Words of a usual chunk with its title: BM25's mean length, which no writer may look up."""
_LONGEST = 40
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:[.'’][^\W_]+)*")  # noqa: RUF001

Sparse = tuple[list[int], list[float]]
"""The numbers of words, ascending, and the weight of each."""


def words_of(text: str, language: str) -> list[str]:
    """Return the words of a text in lower case, without accents and endings; 18.0.69 is one."""
    stem = _stemmer(language)
    stop_words = STOP_WORDS if language == "English" else frozenset()
    found = (word for word in _WORD.findall(text.lower()) if _folded(word) not in stop_words)
    return [stem(word) for word in found if len(word) <= _LONGEST]


def _folded(word: str) -> str:
    return unaccented(word).replace("’", "'")  # noqa: RUF001


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Callable[[str], str]:
    """Return what takes accents and the endings of a language off a word, as LanceDB does where it can."""
    if language not in FULL_TEXT_LANGUAGES:
        return stemmer(language) or _folded
    stem = snowballstemmer.stemmer(language.lower()).stemWord
    return lru_cache(maxsize=50_000)(lambda word: stem(_folded(word)))


def sparse_text(text: str, language: str) -> Sparse:
    """Return how much each word of an indexed text counts: BM25 without rarity, which the store knows."""
    counts = Counter(words_of(text, language))
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * sum(counts.values()) / MEAN_WORDS)
    return _sparse({word: n * (SATURATION + 1) / (n + norm) for word, n in counts.items()})


def sparse_query(text: str, language: str) -> Sparse:
    """Return the words of a query, each as often as it says it."""
    return _sparse(dict(Counter(words_of(text, language))))


def _sparse(weights: dict[str, float] | dict[str, int]) -> Sparse:
    numbered: dict[int, float] = {}
    for word, weight in weights.items():
        number = int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")
        numbered[number] = numbered.get(number, 0.0) + float(weight)
    return sorted(numbered), [numbered[number] for number in sorted(numbered)]
