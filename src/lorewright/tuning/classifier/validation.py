"""Predictions for examples that were not learned from, and what is set by them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lorewright.tuning.classifier.head import Head, likeness_of, rows_of
from lorewright.tuning.classifier.prediction import Validation
from lorewright.tuning.classifier.regression import Numbers, Places, fit_regression, softmax
from lorewright.tuning.classifier.words import rarity_of

N_FOLDS = 5
PENALTIES = (0.005, 0.03, 0.1, 0.3)
USUAL_PENALTY = 0.1
TEMPERATURES = tuple(float(value) for value in np.geomspace(0.15, 3.0, 25))
LOST_SHARE = 0.01
"""Right answers that may be given up so that what is unknown is told, without examples of that."""
LOST_SHARE_WITH_UNKNOWN = 0.05
LEAST_UNKNOWN = 3
_N_BINS = 10
_N_CONFUSED = 10
_Z = 1.96


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """What folds said of the examples they had not seen: their places, and the logits (rows, labels)."""

    penalty: float
    has_words: bool
    rows: Places
    logits: Numbers
    tried: dict[str, float]


def cross_validate(
    vectors: Numbers, counts: Numbers, labels: Places, n_labels: int, *, unknown: int | None
) -> HeldOut | None:
    """Return the held-out logits of the best penalty and features; `None` where no label has two examples.

    Words count beside the embedding only where they win more examples than chance would.
    """
    folds = _folds(labels)
    rows = np.flatnonzero(folds >= 0)
    if not len(rows):
        return None

    def logits_with(penalty: float, *, has_words: bool) -> Numbers:
        return _held_out(vectors, counts, labels, n_labels, folds, penalty, has_words=has_words)[rows]

    def is_right(logits: Numbers) -> NDArrayBool:
        return _is_right(logits, labels[rows], unknown)

    plain = {penalty: logits_with(penalty, has_words=False) for penalty in PENALTIES}
    best = max(PENALTIES, key=lambda penalty: (int(is_right(plain[penalty]).sum()), penalty))
    chosen, penalty, has_words = plain[best], best, False
    tried = {"embedding": float(is_right(chosen).mean())}
    for other in {best, min(1.0, 3 * best)}:
        logits = logits_with(other, has_words=True)
        ours, theirs = is_right(logits), is_right(plain[best])
        won, lost = int((ours & ~theirs).sum()), int((~ours & theirs).sum())
        tried["embedding and words"] = max(tried.get("embedding and words", 0.0), float(ours.mean()))
        if won - lost > 2 * np.sqrt(won + lost) and ours.sum() > is_right(chosen).sum():
            chosen, penalty, has_words = logits, other, True
    return HeldOut(penalty=penalty, has_words=has_words, rows=rows, logits=chosen, tried=tried)


NDArrayBool = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def fit_temperature(logits: Numbers, labels: Places) -> float:
    """Return the temperature whose probabilities make the held-out labels likeliest (Guo et al. 2017)."""
    places = np.arange(len(labels))

    def missed(temperature: float) -> float:
        shares = softmax(logits, temperature)[places, labels]
        return -float(np.log(np.maximum(shares, 1e-9)).mean())

    return min(TEMPERATURES, key=missed)


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """Below which likeness a text is unknown, and how fast that becomes sure."""

    value: float = -np.inf
    spread: float = 0.0


def fit_threshold(logits: Numbers, labels: Places, unknown: int | None) -> Threshold:
    """Return the threshold that tells most of what is unknown and gives up few right answers.

    Without examples of the unknown it gives up one right answer in a hundred at most.
    """
    likeness = likeness_of(logits, unknown)
    is_unknown = labels == (-1 if unknown is None else unknown)
    right = np.sort(likeness[_is_right(logits, labels, unknown) & ~is_unknown])
    if not len(right):
        return Threshold()
    if int(is_unknown.sum()) < LEAST_UNKNOWN:
        # Logits of a text that says nothing are all alike; examples that are too alike must not ask for more
        # than halfway from there.
        halfway = (np.log(logits.shape[1] - (unknown is not None)) + np.median(right)) / 2
        return Threshold(value=float(min(halfway, right[int(LOST_SHARE * len(right))])))
    n_given_up = int(LOST_SHARE_WITH_UNKNOWN * int((~is_unknown).sum()))
    highest = float(right[min(n_given_up, len(right) - 1)])
    unlike = likeness[is_unknown]
    candidates = np.append(right[right <= highest], highest)
    worth = [(unlike < value).mean() + (right >= value).mean() for value in candidates]
    least = float(candidates[int(np.argmax(worth))])
    below = unlike[unlike < least]
    value = (least + float(below.max())) / 2 if len(below) else least
    return Threshold(value=value, spread=_spread(value, likeness[~is_unknown], unlike))


def validation_of(head: Head, held: HeldOut | None, labels: Places, n_examples: int) -> Validation:
    """Return how good a head is, by the folds that its settings were chosen on."""
    known_keys = [key for key in head.keys if key != head.unknown]
    if held is None:
        return Validation(name=head.name, n_labels=len(known_keys), n_examples=n_examples)
    wanted = labels[held.rows]
    place = head.unknown_place
    probabilities = head.probabilities(held.logits)
    is_rejected = head.likeness(held.logits) < head.threshold
    known = held.logits if place is None else _without(held.logits, place)
    given = np.where(is_rejected, -1 if place is None else place, known.argmax(axis=1))
    right = given == wanted
    is_unknown = wanted == (-1 if place is None else place)
    low, high = _interval(int(right.sum()), len(right))
    return Validation(
        name=head.name,
        n_labels=len(known_keys),
        n_examples=n_examples,
        accuracy=float(right.mean()),
        low=low,
        high=high,
        macro_f1=macro_f1(wanted.tolist(), given.tolist()),
        calibration_error=_calibration_error(probabilities, given, right),
        known_share=float((~is_rejected[~is_unknown]).mean()) if (~is_unknown).any() else None,
        unknown_recall=float(is_rejected[is_unknown].mean()) if is_unknown.any() else None,
        features="embedding and words" if held.has_words else "embedding",
        tried=held.tried,
        confused=_confused(head.keys, wanted, given),
    )


def macro_f1(wanted: Sequence[int], given: Sequence[int]) -> float:
    """Return the mean of every wanted label's F1."""
    pairs, of, said = Counter(zip(wanted, given, strict=True)), Counter(wanted), Counter(given)
    return sum(2 * pairs[label, label] / (of[label] + said[label]) for label in of) / len(of)


def _held_out(
    vectors: Numbers,
    counts: Numbers,
    labels: Places,
    n_labels: int,
    folds: Places,
    penalty: float,
    *,
    has_words: bool,
) -> Numbers:
    """Return the logits of every row by the fold that did not see it; other rows stay at 0."""
    logits = np.zeros((len(labels), n_labels), np.float32)
    for fold in range(int(folds.max()) + 1):
        learned, asked = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        rarity = rarity_of(counts[learned]) if has_words else None
        rows = rows_of(vectors, counts, rarity)
        weights = fit_regression(rows[learned], labels[learned], n_labels, penalty=penalty)
        logits[asked] = weights.logits(rows[asked])
    return logits


def _folds(labels: Places) -> Places:
    """Return the fold of every row, labels dealt out evenly; -1 for the only example of a label."""
    folds = np.full(len(labels), -1, np.int64)
    dealt = 0
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        if len(rows) > 1:
            folds[rows] = (dealt + np.arange(len(rows))) % N_FOLDS
            dealt += len(rows)
    return folds


def _is_right(logits: Numbers, labels: Places, unknown: int | None) -> NDArrayBool:
    """Return whether the likeliest known value is right; nothing is said of unknown rows."""
    if unknown is None:
        return np.asarray(logits.argmax(axis=1) == labels)
    return np.asarray((_without(logits, unknown).argmax(axis=1) == labels) & (labels != unknown))


def _without(logits: Numbers, place: int) -> Numbers:
    kept = logits.copy()
    kept[:, place] = -np.inf
    return kept


def _spread(value: float, known: Numbers, unlike: Numbers) -> float:
    """Return the spread whose probabilities make known and unknown likeliest, both counting the same."""

    def missed(spread: float) -> float:
        on_known = np.log1p(np.exp(np.clip((value - known) / spread, -30, 30))).mean()
        on_unlike = np.log1p(np.exp(np.clip((unlike - value) / spread, -30, 30))).mean()
        return float(on_known + on_unlike)

    return min((float(one) for one in np.geomspace(0.05, 5, 25)), key=missed)


def _interval(n_right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    share, spread = n_right / n, _Z**2 / n
    middle = (share + spread / 2) / (1 + spread)
    width = _Z * float(np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))) / (1 + spread)
    return max(0.0, middle - width), min(1.0, middle + width)


def _calibration_error(probabilities: Numbers, given: Places, right: NDArrayBool) -> float:
    """Return the mean gap between stated probability and share of right answers, over ten bins."""
    answered = given >= 0
    stated = probabilities[np.flatnonzero(answered), given[answered]]
    was_right = right[answered]
    bins = np.minimum((stated * _N_BINS).astype(int), _N_BINS - 1)
    gap = 0.0
    for one in np.unique(bins):
        is_here = bins == one
        gap += abs(float(stated[is_here].sum()) - float(was_right[is_here].sum()))
    return gap / max(1, len(stated))


def _confused(keys: Sequence[str], wanted: Places, given: Places) -> tuple[tuple[str, str, int], ...]:
    """Return the pairs of labels that were taken for each other most: wanted, given, how often."""
    pairs = Counter(
        (keys[right], keys[said])
        for right, said in zip(wanted.tolist(), given.tolist(), strict=True)
        if right != said and said >= 0
    )
    return tuple((right, said, n) for (right, said), n in pairs.most_common(_N_CONFUSED))
