"""Examples that ask what somebody asks now: the nearest ones by words and meaning, unlike each other."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.datasets import Embed, Example
from lorewright.knowledge import content_words, root
from lorewright.messages import last_user_turn

N_COMPARED = 24
"""Examples whose meaning is compared: those nearest by their words."""
UNLIKENESS_WEIGHT = 0.15
_SAME = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Near:
    """An example and how alike its question is, from 0 to 1."""

    example: Example
    likeness: float


class ExamplePool:
    """The examples of a domain; `embed` tells their meaning, without it their words alone count."""

    def __init__(self, examples: Sequence[Example], embed: Embed | None = None) -> None:
        self._examples = tuple(examples)
        self._embed = embed
        self._words = [Counter(_roots(last_user_turn(example.prompt))) for example in self._examples]
        self._n_holding = Counter(word for words in self._words for word in words)

    def __len__(self) -> int:
        """Return how many examples there are."""
        return len(self._examples)

    def by_id(self, example_id: str) -> Example | None:
        """Return an example, `None` for one that is not here."""
        return next((example for example in self._examples if example.id == example_id), None)

    def nearest(self, question: str, n: int, *, unlikeness_weight: float = UNLIKENESS_WEIGHT) -> list[Near]:
        """Return at most `n` examples, each chosen for its likeness and for being unlike those before it.

        Maximal marginal relevance (Carbonell & Goldstein 1998); of examples that ask the same only one.
        """
        question_words = Counter(_roots(question))
        by_words = [self._cosine(question_words, words) for words in self._words]
        places = sorted(range(len(by_words)), key=lambda place: -by_words[place])[:N_COMPARED]
        likeness = {place: by_words[place] for place in places}
        if self._embed is not None and places:
            texts = [last_user_turn(self._examples[place].prompt) for place in places]
            vectors = self._embed([question, *texts])
            cosines = vectors[1:] @ vectors[0]
            likeness = {
                place: (by_words[place] + max(0.0, float(cosine))) / 2
                for place, cosine in zip(places, cosines, strict=True)
            }
        return self._diverse(likeness, n, unlikeness_weight)

    def _diverse(self, likeness: dict[int, float], n: int, weight: float) -> list[Near]:
        left, chosen = dict(likeness), list[int]()
        likest = dict.fromkeys(left, 0.0)
        while left and len(chosen) < n:
            best = max(left, key=lambda place: (1 - weight) * left[place] - weight * likest[place])
            del left[best]
            chosen.append(best)
            for place in list(left):
                if self._normalised_question(place) == self._normalised_question(best):
                    del left[place]
                else:
                    likest[place] = max(likest[place], self._cosine(self._words[place], self._words[best]))
        return [Near(self._examples[place], likeness[place]) for place in chosen]

    def _normalised_question(self, place: int) -> str:
        return _SAME.sub(" ", last_user_turn(self._examples[place].prompt).casefold()).strip()

    def _cosine(self, left: Counter[str], right: Counter[str]) -> float:
        """Return the cosine of two bags of words, rare words counting more (tf-idf)."""
        shared = sum(left[word] * right[word] * self._rarity(word) ** 2 for word in left if word in right)
        return shared / (self._length(left) * self._length(right) or 1.0)

    def _length(self, words: Counter[str]) -> float:
        return math.hypot(*(count * self._rarity(word) for word, count in words.items()))

    def _rarity(self, word: str) -> float:
        return math.log(1 + (len(self._examples) + 1) / (self._n_holding[word] + 0.5))


def _roots(text: str) -> list[str]:
    return [root(word) for word in content_words(text)]
