"""Examples in, heads out: one for every field of the answers that has more than one value."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lorewright.datasets import Embed, Example
from lorewright.datasets.closed_answers import ClosedAnswers, ClosedField
from lorewright.errors import TooFewExamples
from lorewright.progress import Progress, quiet
from lorewright.tuning.classifier.head import NOTHING, Head, rows_of
from lorewright.tuning.classifier.prediction import Validation
from lorewright.tuning.classifier.regression import Numbers, Places, fit_regression
from lorewright.tuning.classifier.validation import (
    USUAL_PENALTY,
    Threshold,
    cross_validate,
    fit_temperature,
    fit_threshold,
    validation_of,
)
from lorewright.tuning.classifier.words import hashed_words, rarity_of

MOST_EXAMPLES = 20_000
MOST_VALIDATED = 2_000
LEAST_EXAMPLES = 6
_BLOCK = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class FittedClassifier:
    """The heads of all fields, and what they were learned from; `n_left_out` rows were too many."""

    answers: ClosedAnswers
    heads: tuple[Head, ...]
    validations: tuple[Validation, ...]
    vectors: Numbers
    example_ids: tuple[str, ...]
    n_left_out: int
    n_unusable: int


def fit_classifier(
    examples: Sequence[Example],
    answers: ClosedAnswers,
    embed: Embed,
    *,
    most_examples: int = MOST_EXAMPLES,
    seed: int = 0,
    progress: Progress = quiet,
) -> FittedClassifier:
    """Return a classifier learned from examples; raise `TooFewExamples` where there are too few.

    Of very many examples as many of each label are taken as there is room for. What cannot be answered is
    an example of what is none of the labels. The same examples give the same classifier.
    """
    usable = [(example, keys) for example in examples if (keys := _keys(example, answers)) is not None]
    n_unusable = len(examples) - len(usable)
    kept = _balanced(usable, most_examples, seed)
    if len(kept) < LEAST_EXAMPLES:
        raise TooFewExamples(
            f"There are {len(kept)} examples with a label; a classifier needs {LEAST_EXAMPLES}.",
            hint="Add examples to examples/.",
        )
    texts = [example.question for example, _ in kept]
    vectors = _embedded(texts, embed, progress)
    counts = hashed_words(texts)
    heads, validations = [], []
    for field in answers.chosen:
        wanted = [values[field.name] for _, values in kept]
        head, validation = _fit_head(field, wanted, vectors, counts, seed)
        heads.append(head)
        validations.append(validation)
    return FittedClassifier(
        answers=answers,
        heads=tuple(heads),
        validations=tuple(validations),
        vectors=vectors,
        example_ids=tuple(example.id for example, _ in kept),
        n_left_out=len(usable) - len(kept),
        n_unusable=n_unusable,
    )


def _fit_head(
    field: ClosedField, keys: Sequence[str], vectors: Numbers, counts: Numbers, seed: int
) -> tuple[Head, Validation]:
    """Return the head of one field, its settings chosen by cross-validation."""
    known = tuple(key for key in field.keys if key in set(keys))
    names = (*known, NOTHING) if NOTHING in keys else known
    unknown = field.unknown if field.unknown in known else NOTHING if NOTHING in keys else None
    place = names.index(unknown) if unknown is not None else None
    labels: Places = np.array([names.index(key) for key in keys], np.int64)
    sample = _sample(labels, seed)
    held = cross_validate(vectors[sample], counts[sample], labels[sample], len(names), unknown=place)
    threshold, temperature = Threshold(), 1.0
    if held is not None:
        wanted = labels[sample][held.rows]
        threshold = fit_threshold(held.logits, wanted, place)
        temperature = _temperature(held.logits, wanted, place)
    rarity = rarity_of(counts) if held is not None and held.has_words else None
    penalty = USUAL_PENALTY if held is None else held.penalty
    head = Head(
        name=field.name,
        keys=names,
        weights=fit_regression(rows_of(vectors, counts, rarity), labels, len(names), penalty=penalty),
        temperature=temperature,
        threshold=threshold.value,
        spread=threshold.spread,
        unknown=unknown,
        rarity=rarity,
    )
    return head, validation_of(head, held, labels[sample], len(keys))


def _temperature(logits: Numbers, labels: Places, unknown: int | None) -> float:
    """Return the temperature of the known labels among themselves."""
    if unknown is None:
        return fit_temperature(logits, labels)
    is_known = labels != unknown
    if not is_known.any():
        return 1.0
    known = np.delete(logits[is_known], unknown, axis=1)
    return fit_temperature(known, labels[is_known] - (labels[is_known] > unknown))


def _keys(example: Example, answers: ClosedAnswers) -> dict[str, str] | None:
    """Return the value of every field, `None` for an example that nothing can be learned from."""
    if not example.question.strip():
        return None
    if not example.answerable:
        return {field.name: field.unknown or NOTHING for field in answers.fields}
    keys = answers.keys_in(example.completion)
    if keys is None or any(keys[field.name] not in field.keys for field in answers.fields):
        return None
    return keys


def _balanced(
    usable: Sequence[tuple[Example, dict[str, str]]], most: int, seed: int
) -> list[tuple[Example, dict[str, str]]]:
    """Return at most so many examples, as many of each label as there is room for, in their order."""
    if len(usable) <= most:
        return list(usable)
    groups: dict[str, list[int]] = defaultdict(list)
    for place in random.Random(seed).sample(range(len(usable)), len(usable)):  # noqa: S311 - no secret
        groups["\0".join(usable[place][1].values())].append(place)
    return [usable[place] for place in sorted(_dealt(list(groups.values()), most))]


def _sample(labels: Places, seed: int) -> Places:
    """Return the rows that settings are chosen on: all, or as many of each label as there is room for."""
    if len(labels) <= MOST_VALIDATED:
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    groups = [order[labels[order] == label].tolist() for label in np.unique(labels)]
    return np.sort(np.array(_dealt(groups, MOST_VALIDATED), np.int64))


def _dealt(groups: Sequence[Sequence[int]], most: int) -> list[int]:
    """Return at most so many places, one from each group in turn."""
    dealt: list[int] = []
    for turn in range(max(map(len, groups))):
        dealt += [group[turn] for group in groups if turn < len(group)]
        if len(dealt) >= most:
            break
    return dealt[:most]


def _embedded(texts: Sequence[str], embed: Embed, progress: Progress) -> Numbers:
    """Return the vectors of texts, said block by block."""
    blocks = []
    for start in range(0, len(texts), _BLOCK):
        progress(start, len(texts))
        blocks.append(np.asarray(embed(texts[start : start + _BLOCK]), np.float32))
    progress(len(texts), len(texts))
    return np.concatenate(blocks)
