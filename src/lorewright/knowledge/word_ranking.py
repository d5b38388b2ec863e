"""Hits ranked again by the words they share with a question, and how close together these stand."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import content_words

_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
_WINDOW = 4
_NEARNESS_GAIN = 0.5


def word_scores(question: str, hits: Sequence[Hit]) -> list[float]:
    """Return one score per hit, in order: BM25 (Robertson & Zaragoza 2009) among these hits alone.

    A word that every hit holds counts for little, a rare one for much. Two words that follow each
    other in the question and stand within a few words in the hit count again (as in the sequential
    dependence model of Metzler & Croft 2005).
    """
    texts = [content_words(hit.chunk.context) for hit in hits]
    n_holding = Counter(word for words in texts for word in set(words))
    mean_length = sum(map(len, texts)) / (len(texts) or 1) or 1.0
    question_words = content_words(question)
    rarity = {
        word: math.log(1 + (len(texts) - n_holding[word] + 0.5) / (n_holding[word] + 0.5))
        for word in question_words
    }
    scores = []
    for words in texts:
        counts = Counter(words)
        norm = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(words) / mean_length)
        score = sum(
            rarity[word] * counts[word] * (_SATURATION + 1) / (counts[word] + norm) for word in rarity
        )
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            if word in rarity:
                places.setdefault(word, []).append(place)
        for left, right in set(pairwise(question_words)):
            if left != right and _are_near(places.get(left, []), places.get(right, [])):
                score += _NEARNESS_GAIN * min(rarity[left], rarity[right])
        scores.append(score)
    return scores


def reordered(hits: Sequence[Hit], scores: Sequence[float], *, weight: float) -> list[Hit]:
    """Return the hits by the mean of their own and other scores, each stretched to [0, 1].

    `weight` is the share of the other scores: with 0 the order stays, with 1 only they count.
    """
    own, other = _stretched([hit.score for hit in hits]), _stretched(scores)
    mixed = [(1 - weight) * left + weight * right for left, right in zip(own, other, strict=True)]
    order = sorted(range(len(hits)), key=lambda place: -mixed[place])  # stable: ties keep their order
    return [replace(hits[place], score=mixed[place], rank=rank) for rank, place in enumerate(order, start=1)]


def _are_near(lefts: Sequence[int], rights: Sequence[int]) -> bool:
    return any(abs(left - right) < _WINDOW for left in lefts for right in rights)


def _stretched(scores: Sequence[float]) -> list[float]:
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(score - low) / (high - low) if high > low else 1.0 for score in scores]
