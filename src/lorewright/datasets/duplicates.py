"""Examples that say the same twice, and examples that say what is held out."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lorewright.datasets.example import Example
from lorewright.datasets.split import normalised, spoken

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]

SAME = 0.98
NEAR = 0.95
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two that say the same; `similarity` is 1 for the same words, else the cosine of their vectors."""

    kept_id: str
    dropped_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """Examples without duplicates, in their order, and what was dropped for which."""

    kept: tuple[Example, ...]
    dropped: tuple[Duplicate, ...]


def deduplicate(examples: Sequence[Example], *, embed: Embed | None = None) -> Deduplicated:
    """Keep the first of those that say the same, prompt and completion.

    First the same words (case, punctuation and spacing aside), then, with `embed`, nearly the
    same meaning: a cosine of at least 0.98 and the same numbers on both sides, since texts that
    differ in one number are near in meaning and different in fact. At 0.95 one in seven of the
    banking77 examples would go, honest rewordings among them.
    """
    first: dict[str, Example] = {}
    dropped: list[Duplicate] = []
    for example in examples:
        kept = first.setdefault(normalised(_whole(example)), example)
        if kept is not example:
            dropped.append(Duplicate(kept.id, example.id, 1.0))
    kept_examples = list(first.values())
    if embed is None or len(kept_examples) < 2:
        return Deduplicated(tuple(kept_examples), tuple(dropped))
    texts = [_whole(example) for example in kept_examples]
    lost: set[int] = set()
    for left, right, cosine in _near_pairs(texts, texts, embed, SAME):
        if left < right and left not in lost and right not in lost:
            lost.add(right)
            dropped.append(Duplicate(kept_examples[left].id, kept_examples[right].id, cosine))
    kept_examples = [example for place, example in enumerate(kept_examples) if place not in lost]
    return Deduplicated(tuple(kept_examples), tuple(dropped))


def near_duplicates(
    examples: Sequence[Example], texts: Mapping[str, str], *, embed: Embed | None = None
) -> tuple[Duplicate, ...]:
    """Return the examples that ask what is held out: `kept_id` names the text, `dropped_id` the example.

    `texts` maps an id to what is asked: `spoken(conversation)`. An example is named at most once.
    """
    questions = [spoken(example.prompt) for example in examples]
    held_out = {normalised(text): name for name, text in texts.items()}
    duplicates: dict[int, Duplicate] = {}
    for place, text in enumerate(questions):
        name = held_out.get(normalised(text))
        if name is not None:
            duplicates[place] = Duplicate(name, examples[place].id, 1.0)
    if embed is not None and questions and texts:
        names = list(texts)
        for place, other, cosine in _near_pairs(questions, list(texts.values()), embed, NEAR):
            duplicates.setdefault(place, Duplicate(names[other], examples[place].id, cosine))
    return tuple(duplicates[place] for place in sorted(duplicates))


def likely_near(examples: Sequence[Example], texts: Mapping[str, str]) -> list[Example]:
    """Return the examples that share at least half of the rare words of a text: few of very many.

    Rare are words of at most a tenth of the texts; a text of common words alone goes by all of them.
    """
    words = {name: set(normalised(text).split()) for name, text in texts.items()}
    n_texts = Counter(word for each in words.values() for word in each)
    most = max(1, len(texts) // 10)
    rare = {name: {word for word in each if n_texts[word] <= most} or each for name, each in words.items()}
    with_word: dict[str, list[str]] = {}
    for name, each in rare.items():
        for word in each:
            with_word.setdefault(word, []).append(name)
    likely = []
    for example in examples:
        shared = Counter(
            name
            for word in set(normalised(spoken(example.prompt)).split())
            for name in with_word.get(word, ())
        )
        if any(2 * n >= len(rare[name]) for name, n in shared.items()):
            likely.append(example)
    return likely


def _whole(example: Example) -> str:
    return f"{spoken(example.prompt)}\n\n{example.completion}"


def _near_pairs(
    lefts: Sequence[str], rights: Sequence[str], embed: Embed, threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Yield the places and the cosine of texts that mean nearly the same and hold the same numbers."""
    left_vectors = embed(lefts)  # (lefts, dimensions)
    right_vectors = left_vectors if rights is lefts else embed(rights)  # (rights, dimensions)
    left_numbers, right_numbers = _numbers(lefts), _numbers(rights)
    for start in range(0, len(lefts), _BLOCK):
        cosines = left_vectors[start : start + _BLOCK] @ right_vectors.T  # (block, rights)
        for row, right in zip(*(cosines >= threshold).nonzero(), strict=True):
            left = start + int(row)
            if left_numbers[left] == right_numbers[right]:
                yield left, int(right), min(1.0, float(cosines[row, right]))


def _numbers(texts: Sequence[str]) -> list[list[str]]:
    """Return the numbers, versions and dates of every text: 2.7 is not 7.2."""
    return [sorted(re.findall(r"\d+(?:[.,:/-]\d+)*", text)) for text in texts]
