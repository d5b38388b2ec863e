"""Hits that say the same shown once, the other places beside it."""

import re
from collections.abc import Iterable
from dataclasses import replace

from lorewright.knowledge.hit import Hit, Place

NEARLY_THE_SAME = 0.85
"""From which share of common runs of words on two texts are copies: what differs is a date or a name."""
_SHINGLE = 3
_NUMBER = re.compile(r"\d")


def without_copies(hits: Iterable[Hit], *, n: int) -> list[Hit]:
    """Return the first `n` hits without those that say what a better one says, which names their places.

    Two texts are copies where they are the same but for case and white space, or have nearly all
    runs of three words in common and the same numbers (resemblance; Broder 1997). More hits than
    `n` change nothing of those.
    """
    kept: list[tuple[Hit, str, frozenset[str]]] = []
    for hit in hits:
        text = " ".join(re.findall(r"\w+", hit.chunk.text.casefold()))
        runs = _runs(text)
        of = next((at for at, one in enumerate(kept) if _is_copy((text, runs), one[1:])), None)
        if of is not None:
            original, its_text, its_runs = kept[of]
            kept[of] = (replace(original, also=(*original.also, _place(hit))), its_text, its_runs)
        elif len(kept) < n:
            kept.append((hit, text, runs))
    return [replace(hit, rank=rank) for rank, (hit, _, _) in enumerate(kept, start=1)]


def _is_copy(left: tuple[str, frozenset[str]], right: tuple[str, frozenset[str]]) -> bool:
    if left[0] == right[0]:
        return True
    shorter, longer = sorted((left[1], right[1]), key=len)
    if len(shorter) < NEARLY_THE_SAME * len(longer):
        return False
    n_common = len(shorter & longer)
    if n_common < NEARLY_THE_SAME * (len(shorter) + len(longer) - n_common):
        return False
    return _numbers(left[0]) == _numbers(right[0])


def _numbers(text: str) -> list[str]:
    return [word for word in text.split() if _NUMBER.search(word)]


def _runs(text: str) -> frozenset[str]:
    words = text.split()
    if len(words) < _SHINGLE:
        return frozenset({text})
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))


def _place(hit: Hit) -> Place:
    chunk = hit.chunk
    return Place(chunk.document_id, chunk.title, chunk.start, chunk.end, chunk.page)
