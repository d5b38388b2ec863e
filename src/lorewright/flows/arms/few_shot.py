"""A few examples that stand for all."""

import re
from collections.abc import Sequence

from lorewright.datasets import Example

MAX_COMPARED = 100
LENGTH_QUANTILE = 0.75  # longer examples would fill the prompt


def choose(examples: Sequence[Example], n: int) -> tuple[Example, ...]:
    """Return `n` examples whose completions are most like all others, and unlike each other.

    Greedy facility location on shared words: each choice adds most to how well every completion
    is represented by its nearest chosen one. The same examples give the same choice in any order.
    """
    compared = sorted(examples, key=lambda example: example.id)[:MAX_COMPARED]
    if not compared or n < 1:
        return ()
    words = [set(re.findall(r"\w+", example.completion.lower())) for example in compared]
    likeness = [[_likeness(left, right) for right in words] for left in words]
    lengths = sorted(map(_length, compared))
    longest = lengths[int(LENGTH_QUANTILE * (len(lengths) - 1))]
    candidates = [place for place, example in enumerate(compared) if _length(example) <= longest]
    best = [0.0] * len(compared)  # how well each completion is represented so far
    chosen: list[int] = []
    for _ in range(min(n, len(candidates))):
        place = max(
            (place for place in candidates if place not in chosen),
            key=lambda place: sum(map(max, likeness[place], best)),
        )
        chosen.append(place)
        best = list(map(max, likeness[place], best))
    return tuple(compared[place] for place in chosen)


def _likeness(left: set[str], right: set[str]) -> float:
    """Return the share of words two texts have in common (Jaccard)."""
    return len(left & right) / (len(left | right) or 1)


def _length(example: Example) -> int:
    return len(example.completion) + sum(len(turn.content) for turn in example.turns)
