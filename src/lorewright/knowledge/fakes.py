"""A small retriever that needs neither weights nor an index."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from lorewright.documents import Chunk, Document
from lorewright.knowledge.hit import Hit

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")


class PlainRetriever:
    """Finds paragraphs by the rare words they share with the query.

    Everything is in memory: right for tests and demos of a few hundred documents.
    """

    def __init__(self, documents: Iterable[Document], *, n_kept: int = 3) -> None:
        self._chunks = [chunk for document in documents for chunk in _paragraphs(document)]
        self._words = [Counter(_words(chunk.context)) for chunk in self._chunks]
        self._n_holding = Counter(word for words in self._words for word in words)
        self._n_kept = n_kept

    @property
    def version(self) -> str:
        """Identify the texts that are searched."""
        return sha256("\0".join(chunk.context for chunk in self._chunks).encode()).hexdigest()[:12]

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first; paragraphs that share no word are never hits."""
        question_words = Counter(_words(query))
        cosines = [self._cosine(question_words, words) for words in self._words]
        best = sorted(range(len(cosines)), key=lambda place: -cosines[place])[: n or self._n_kept]
        return [
            Hit(self._chunks[place], score=cosines[place], rank=rank, cosine=cosines[place])
            for rank, place in enumerate(best, start=1)
            if cosines[place] > 0
        ]

    def _cosine(self, left: Counter[str], right: Counter[str]) -> float:
        """Return the cosine of two bags of words, rare words counting more (tf-idf)."""
        shared = sum(left[word] * right[word] * self._rarity(word) ** 2 for word in left)
        return shared / (self._length(left) * self._length(right) or 1.0)

    def _length(self, words: Counter[str]) -> float:
        return math.hypot(*(count * self._rarity(word) for word, count in words.items()))

    def _rarity(self, word: str) -> float:
        return math.log(1 + (len(self._chunks) + 1) / (self._n_holding[word] + 0.5))


def _paragraphs(document: Document) -> list[Chunk]:
    return [
        Chunk(
            f"{document.id}#{number}",
            document.id,
            document.title,
            match.start(),
            match.end(),
            match.group(),
        )
        for number, match in enumerate(_PARAGRAPH.finditer(document.text))
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
