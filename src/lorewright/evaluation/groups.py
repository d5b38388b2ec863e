"""Questions that stand and fall together: about one document, or from one conversation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any, TypeVar

from lorewright.evaluation.estimate import Difference, Estimate, difference, estimate

Figure = TypeVar("Figure", Estimate, Difference)
FEWEST_GROUPS = 5
"""With fewer groups nothing can be said about how far they differ."""
_KEYS = ("conversation_id", "conversation", "dialogue_id", "dialog_id", "group")


def group_of(metadata: Mapping[str, Any], document_ids: Sequence[str]) -> str:
    """Return what a question has in common with others: its conversation, else its document, else ''."""
    named = next((str(metadata[key]) for key in _KEYS if metadata.get(key)), "")
    return named or next(iter(document_ids), "")


def design_effect(values: Sequence[float], groups: Sequence[str]) -> float:
    """Return how many times wider in variance groups make a mean, at least 1 (Kish 1965).

    Values without a group stand for themselves. With few groups it cannot be told, and is 1.
    """
    sums = sums_by_group(values, groups)
    mean = sum(values) / len(values) if values else 0.0
    total = sum((value - mean) ** 2 for value in values)
    if len(sums) < FEWEST_GROUPS or len(sums) == len(values) or total <= 0:
        return 1.0
    between = sum((one - n * mean) ** 2 for one, n in sums)
    largest = max(n for _, n in sums)
    return min(float(largest), max(1.0, between / total * len(sums) / (len(sums) - 1)))


def sums_by_group(values: Sequence[float], groups: Sequence[str]) -> list[tuple[float, int]]:
    """Return the sum and the number of values of every group, in the order of the first of each."""
    counts: Counter[str] = Counter()
    sums: dict[str, float] = {}
    for place, (value, group) in enumerate(zip(values, groups, strict=True)):
        key = group or f"#{place}"
        counts[key] += 1
        sums[key] = sums.get(key, 0.0) + value
    return [(total, counts[key]) for key, total in sums.items()]


def grouped_estimate(values: Sequence[float], groups: Sequence[str], *, seed: int = 0) -> Estimate:
    """Return the mean of at least one value, with an interval that allows for groups."""
    figure = wider(estimate(values, seed=seed), design_effect(values, groups))
    least, most = (0.0, 1.0) if all(0.0 <= value <= 1.0 for value in values) else (min(values), max(values))
    return replace(figure, low=max(least, figure.low), high=min(most, figure.high))


def grouped_difference(
    metric: str,
    left: tuple[str, Sequence[float]],
    right: tuple[str, Sequence[float]],
    groups: Sequence[str],
    *,
    n_flips: int = 2000,
    seed: int = 0,
) -> Difference:
    """Return left minus right over the same questions, allowing for those that stand and fall together.

    Signs are then flipped for whole groups: an arm that is right about one document is right often.
    """
    gap = difference(metric, left, right, n_flips=n_flips, seed=seed)
    gaps = [ours - theirs for ours, theirs in zip(left[1], right[1], strict=True)]
    effect = design_effect(gaps, groups)
    if effect <= 1.0:
        return gap
    from lorewright.evaluation import resampling  # numpy loads only when something is measured

    sums = [total for total, _ in sums_by_group(gaps, groups)]
    p_value = resampling.sign_flip_p_value(sums, n_flips=n_flips, seed=seed)
    return wider(replace(gap, p_value=max(gap.p_value, p_value)), effect)


def wider(figure: Figure, effect: float) -> Figure:
    """Return a figure with the interval that a design effect gives it."""
    if effect <= 1.0:
        return figure
    factor = sqrt(effect)
    low = figure.mean - (figure.mean - figure.low) * factor
    high = figure.mean + (figure.high - figure.mean) * factor
    return replace(figure, low=low, high=high)
