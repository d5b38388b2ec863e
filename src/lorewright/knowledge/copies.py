"""Hits that say the same shown once, the other places beside it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from lorewright.knowledge.hit import Hit, Place

NEARLY_THE_SAME = 0.85
"""From which share of common runs of words on two texts are copies: what differs is a date or a name."""
_SHINGLE = 3
_N_SAMPLED, _LONG = 16, 5
"""Words by which most texts are told apart at once: some of a text's longer ones, spread over it."""
_AT_FIRST = 4
"""One of so many of them is looked for first."""
_FEWEST, _FEWEST_OF_ALL = 1 / 2, 5 / 8
"""The shares that a copy holds at least of those that are looked for first, and of all."""
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\w+")


def without_copies(hits: Iterable[Hit], *, n: int) -> list[Hit]:
    """Return the first `n` hits without those that say what a better one says, which names their places.

    Two texts are copies where they are the same but for case and white space, or have nearly all
    runs of three words in common and the same numbers (resemblance; Broder 1997). More hits than
    `n` change nothing of those.
    """
    kept: list[tuple[Hit, _Said]] = []
    for hit in hits:
        said = _Said(hit.chunk.text.casefold())
        of = next((at for at, (_, other) in enumerate(kept) if _is_copy(said, other)), None)
        if of is not None:
            original, its = kept[of]
            kept[of] = (replace(original, also=(*original.also, _place(hit))), its)
        elif len(kept) < n:
            kept.append((hit, said))
    return [replace(hit, rank=rank) for rank, (hit, _) in enumerate(kept, start=1)]


class _Said:
    """The words of a text, and what is made of them once somebody asks: most texts are easily told apart."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        """All words, in order."""
        return _WORD.findall(self.text)

    @cached_property
    def sampled(self) -> tuple[list[str], list[str]]:
        """Words that a copy holds most of, as it lacks hardly one in ten: those looked for first, others."""
        long = [word for word in self.words if len(word) >= _LONG]
        chosen = long if len(long) >= _N_SAMPLED else self.words
        chosen = chosen[:: max(1, len(chosen) // _N_SAMPLED)]
        rest = [word for place, word in enumerate(chosen) if place % _AT_FIRST]
        return chosen[::_AT_FIRST], rest

    @cached_property
    def most_runs(self) -> int:
        """How many different runs of words there can be at most."""
        return max(1, len(self.words) - _SHINGLE + 1)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words."""
        return frozenset(self.words)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """All runs of three words, or the text where it has fewer."""
        words = self.words
        followed = zip(words, words[1:], words[2:], strict=False)
        return frozenset(followed if len(words) >= _SHINGLE else [tuple(words)])

    @cached_property
    def least_runs(self) -> float:
        """How many runs a copy must be able to have: a shorter text is none."""
        return NEARLY_THE_SAME * len(self.runs)

    @cached_property
    def numbers(self) -> list[str]:
        """The words with digits, in order."""
        return [word for word in self.words if _NUMBER.search(word)]


def _is_copy(said: _Said, other: _Said) -> bool:
    first, rest = other.sampled
    n_held = sum(map(said.text.__contains__, first))
    if n_held < _FEWEST * len(first):
        return False
    n_held += sum(map(said.text.__contains__, rest))
    if n_held < _FEWEST_OF_ALL * (len(first) + len(rest)):
        return False
    if said.most_runs < other.least_runs or _has_other_words(said, other):
        return False
    if said.words == other.words:
        return True
    shorter, longer = sorted((said.runs, other.runs), key=len)
    if len(shorter) < NEARLY_THE_SAME * len(longer):
        return False
    n_common = len(shorter & longer)
    if n_common < NEARLY_THE_SAME * (len(shorter) + len(longer) - n_common):
        return False
    return said.numbers == other.numbers


def _has_other_words(said: _Said, other: _Said) -> bool:
    """Tell whether so many words are in one text only that too many runs must differ.

    Of all runs of two copies at most .15 are in one text only. A word that is in one text only is in such
    runs, of three words each. And all their runs together are at most 1 / 1.85 of those of each added up.
    """
    most = _SHINGLE * (1 - NEARLY_THE_SAME) / (1 + NEARLY_THE_SAME) * (said.most_runs + other.most_runs)
    return len(said.vocabulary ^ other.vocabulary) > most


def _place(hit: Hit) -> Place:
    chunk = hit.chunk
    return Place(chunk.document_id, chunk.title, chunk.start, chunk.end, chunk.page)
