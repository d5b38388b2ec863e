"""How much of a claim's wording texts have: the words, and each name among the same neighbours.

Counting words cannot tell a claim from the same with one name or number exchanged for another of the
text. The neighbours can: a name that was put in another's place has other words around it in the text.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.evidence import Evidence
from lorewright.knowledge.notation import with_exact_values
from lorewright.knowledge.pieces import name_forms, opening_name
from lorewright.knowledge.words import content_words

_NEAR_IN_CLAIM = 3
_NEAR_IN_TEXT = 5
_TOKENISED = re.compile(r" +(?=[,.;:!?%)\]])| (?='s\b)")


@dataclass(frozen=True, slots=True)
class Wording:
    """What texts have of a claim's wording.

    `held` is the share of the claim's words that they have, `pairs` that of its neighbouring words,
    both 0 to 1. `displaced` is by how much more the neighbours of a name or number fit a place where
    it does not stand than one where it does, -1 to 1: the highest of them, -1 where there is none.
    `n_missing` counts the numbers, dates and names that the texts do not state; `n_words` the words.
    """

    held: float
    pairs: float
    displaced: float
    n_missing: int
    n_words: int


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as it is compared: its words and neighbouring words, and its numbers, dates and names.

    `opening` is the word that opens it, where the texts have that for a name.
    """

    text: str
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    facts: tuple[Claim, ...]
    opening: tuple[Claim, ...] = ()


class Source:
    """Texts that claims are compared with, read once; numbers and dates are compared in one notation."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._evidence = Evidence(texts)
        self._names = frozenset(form for text in texts for form in name_forms(text))
        self._words = [word for text in texts for word in content_words(_plain(text))]
        self._pairs = set(pairwise(self._words))
        self._places: dict[str, list[int]] = defaultdict(list)
        self._around: dict[int, set[str]] = {}
        for place, word in enumerate(self._words):
            self._places[word].append(place)

    def wording(self, claim: str) -> Wording:
        """Return what the texts have of the claim's wording; all of it where the claim has no words."""
        said = self.read(claim)
        wording = self.held(said)
        return replace(wording, displaced=self.displaced(said)) if said.words else wording

    def read(self, claim: str) -> Said:
        """Return a claim as it is compared with these texts and others of their language."""
        plain = _plain(claim)
        words = tuple(content_words(plain))
        facts = tuple(claims(plain, self._evidence.language)) if words else ()
        name = opening_name(plain, 0, self._names)
        opening = (name,) if name and all(fact.start != name.start for fact in facts) else ()
        return Said(plain, words, tuple(pairwise(words)), facts, opening)

    def held(self, said: Said) -> Wording:
        """Return what the texts have of a claim's words, wherever they stand: `displaced` is left at -1."""
        if not said.words:
            return Wording(1.0, 1.0, -1.0, 0, 0)
        words = set(said.words)
        return Wording(
            held=sum(word in self._places for word in words) / len(words),
            pairs=sum(pair in self._pairs for pair in said.pairs) / len(said.pairs) if said.pairs else 1.0,
            displaced=-1.0,
            n_missing=sum(not self.states(fact, said) for fact in (*said.opening, *said.facts)),
            n_words=len(said.words),
        )

    def has(self, word: str) -> bool:
        """Tell whether the texts have a content word."""
        return word in self._places

    def states(self, fact: Claim, said: Said) -> bool:
        """Tell whether the texts state a number, date or name of a claim."""
        return self._evidence.states(fact, said.text)

    def displaced(self, said: Said) -> float:
        """Return by how much the neighbours of a claim's names fit places without these better, at most."""
        of_facts = {word for fact in said.facts for word in content_words(fact.text)}
        return max(
            (
                self._displaced(said.words, place)
                for place, word in enumerate(said.words)
                if word in of_facts and word in self._places
            ),
            default=-1.0,
        )

    def _displaced(self, words: Sequence[str], place: int) -> float:
        """Return how much better a word's neighbours fit a place without it than any place with it."""
        word, around = words[place], _neighbours(words, place)
        if not around:
            return -1.0
        rarity = {each: 1 / math.sqrt(len(self._places.get(each, ())) or 1) for each in around}
        here = max(_shared(rarity, self._near(there)) for there in self._places[word])
        elsewhere = 0.0
        if len(around) > 1:
            for centre in {there for each in around for there in self._places.get(each, ())}:
                near = self._near(centre)
                if word not in near:
                    elsewhere = max(elsewhere, _shared(rarity, near))
        return (elsewhere - here) / sum(rarity.values())

    def _near(self, place: int) -> set[str]:
        if place not in self._around:
            first = max(0, place - _NEAR_IN_TEXT)
            self._around[place] = set(self._words[first : place + 1 + _NEAR_IN_TEXT])
        return self._around[place]


def _plain(text: str) -> str:
    return with_exact_values(_TOKENISED.sub("", text), keeps_units=True)


def _shared(rarity: Mapping[str, float], near: set[str]) -> float:
    return sum(weight for word, weight in rarity.items() if word in near)


def _neighbours(words: Sequence[str], place: int) -> set[str]:
    before = words[max(0, place - _NEAR_IN_CLAIM) : place]
    return {*before, *words[place + 1 : place + 1 + _NEAR_IN_CLAIM]} - {words[place]}
