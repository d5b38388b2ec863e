"""Hits that say the same: near duplicates left out, and hits chosen to say different things."""

import math
from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import content_words

_SHINGLE = 3


def without_near_duplicates(hits: Sequence[Hit], *, share: float) -> list[Hit]:
    """Return the hits without those that say again what a better one says.

    Two texts say the same where they have at least `share` of their runs of three words in common
    (resemblance; Broder 1997).
    """
    kept: list[tuple[Hit, set[tuple[str, ...]]]] = []
    for hit in hits:
        runs = _runs(hit.chunk.text)
        if all(_resemblance(runs, other) < share for _, other in kept):
            kept.append((hit, runs))
    return [hit for hit, _ in kept]


def diverse(hits: Sequence[Hit], n: int, *, weight: float) -> list[Hit]:
    """Return `n` hits, each chosen for its score and for being unlike those chosen before.

    Maximal marginal relevance (Carbonell & Goldstein 1998): `weight` is what unlikeness counts,
    their 1 - lambda; 0 keeps the order. A hit's score stays what it was.
    """
    words = {hit.chunk.id: set(content_words(hit.chunk.text)) for hit in hits}
    left, chosen = list(hits), list[Hit]()
    likest = dict.fromkeys(words, 0.0)
    while left and len(chosen) < n:
        best = max(left, key=lambda hit: (1 - weight) * hit.score - weight * likest[hit.chunk.id])
        left.remove(best)
        chosen.append(best)
        for hit in left:
            alike = _cosine(words[hit.chunk.id], words[best.chunk.id])
            likest[hit.chunk.id] = max(likest[hit.chunk.id], alike)
    return [replace(hit, rank=rank) for rank, hit in enumerate(chosen, start=1)]


def _runs(text: str) -> set[tuple[str, ...]]:
    words = content_words(text)
    if len(words) < _SHINGLE:
        return {tuple(words)}
    return {tuple(words[place : place + _SHINGLE]) for place in range(len(words) - _SHINGLE + 1)}


def _resemblance(left: set[tuple[str, ...]], right: set[tuple[str, ...]]) -> float:
    return len(left & right) / (len(left | right) or 1)


def _cosine(left: set[str], right: set[str]) -> float:
    return len(left & right) / (math.sqrt(len(left) * len(right)) or 1.0)
