"""How much of a claim's wording a text has: the words, and each word among the same neighbours.

Counting words cannot tell a claim from the same with one name or number exchanged for another of the
text. The neighbours can: a name that was put in another's place has other words around it in the text.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lorewright.knowledge.claims import Claim, claims, stated
from lorewright.knowledge.words import content_words

_NEAR_IN_CLAIM = 3
_NEAR_IN_TEXT = 5
_TOKENISED = re.compile(r" +(?=[,.;:!?%)\]])| (?='s\b)")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a text has of a claim's wording, each from 0 to 1, and how many of its facts it lacks.

    `held` is the share of the claim's words that the text has, `pairs` that of its neighbouring words.
    `agreement` is the share of a word's neighbours that stand near it in the text too: the mean over
    the claim's words, the lowest of them (`weakest`), and the lowest of its names and numbers
    (`weakest_name`). `displaced` is by how much more the neighbours of a name or number agree with a place
    where it does not stand: the highest of them. `n_missing` counts the numbers, dates and names that the
    text does not state.
    """

    held: float
    pairs: float
    agreement: float
    weakest: float
    weakest_name: float
    displaced: float
    n_missing: int


class Source:
    """Texts that claims are compared with, read once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [_TOKENISED.sub("", text) for text in texts]
        self._words = [word for text in self._texts for word in content_words(text)]
        self._stated = frozenset[str]().union(*(stated(text) for text in self._texts))
        self._pairs = set(pairwise(self._words))
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            self._places[word].append(place)

    def wording(self, claim: str) -> Wording:
        """Return what the texts have of the claim's wording; all of it where the claim has no words."""
        claim = _TOKENISED.sub("", claim)
        words = content_words(claim)
        if not words:
            return Wording(1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0)
        facts = claims(claim)
        of_facts = {word for fact in facts for word in content_words(fact.text)}
        agreements = [self._agreement(words, place) for place in range(len(words))]
        seen = [each for each in agreements if each is not None]
        of_names = [
            each
            for word, each in zip(words, agreements, strict=True)
            if word in of_facts and each is not None
        ]
        pairs = list(pairwise(words))
        return Wording(
            held=sum(word in self._places for word in set(words)) / len(set(words)),
            pairs=sum(pair in self._pairs for pair in pairs) / len(pairs) if pairs else 1.0,
            agreement=sum(each or 0.0 for each in agreements) / len(agreements),
            weakest=min(seen, default=0.0),
            weakest_name=min(of_names, default=1.0),
            displaced=max(
                (self._displaced(words, place) for place, word in enumerate(words) if word in of_facts),
                default=0.0,
            ),
            n_missing=sum(not self._states(fact) for fact in facts),
        )

    def _states(self, fact: Claim) -> bool:
        return bool(fact.forms & self._stated) or all(
            word in self._places for word in content_words(fact.text)
        )

    def _agreement(self, words: Sequence[str], place: int) -> float | None:
        """Return the share of a word's neighbours that stand near it in the texts; None if not there."""
        word, around = words[place], _neighbours(words, place)
        if word not in self._places:
            return None
        if not around:
            return 1.0
        return max(len(around & self._around(there)) for there in self._places[word]) / len(around)

    def _displaced(self, words: Sequence[str], place: int) -> float:
        """Return how much better a word's neighbours fit a place without it than any place with it."""
        word, around = words[place], _neighbours(words, place)
        if len(around) < 2:
            return 0.0
        elsewhere = 0
        for centre in {there for each in around for there in self._places.get(each, ())}:
            near = self._around(centre) | {self._words[centre]}
            if word not in near:
                elsewhere = max(elsewhere, len(around & near))
        return max(0.0, elsewhere / len(around) - (self._agreement(words, place) or 0.0))

    def _around(self, place: int) -> set[str]:
        before = self._words[max(0, place - _NEAR_IN_TEXT) : place]
        return {*before, *self._words[place + 1 : place + 1 + _NEAR_IN_TEXT]}


def _neighbours(words: Sequence[str], place: int) -> set[str]:
    before = words[max(0, place - _NEAR_IN_CLAIM) : place]
    return {*before, *words[place + 1 : place + 1 + _NEAR_IN_CLAIM]} - {words[place]}
