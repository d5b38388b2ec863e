"""How much worse one arm may be than another, and how low a share may be, as far as a sample tells."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import sqrt
from statistics import NormalDist

from lorewright.evaluation.estimate import Difference
from lorewright.evaluation.groups import wider

Z = 1.959964
"""The normal quantile of a 95 % interval with two sides."""
POWER = 0.8
"""The chance of seeing a difference that is there, for which numbers of questions are reckoned."""
_HALVINGS = 40


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n answers (Wilson 1927): honest for few, and for 0 and 1."""
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def widened(gap: Difference, gaps: Sequence[float], *, effect: float = 1.0) -> Difference:
    """Return a difference with an interval to test non-inferiority with, given it by question.

    Where an answer is right or wrong it is the score interval for paired shares (Tango 1998):
    resampling ten answers that happen to agree would claim certainty, this does not. Finer scores
    keep the resampled interval, but never a narrower one than half of what agreement would give.
    `effect` is the design effect of questions that come in groups; a resampled interval has it already.
    """
    n = len(gaps)
    if all(value in (-1.0, 0.0, 1.0) for value in gaps):
        n_gained, n_lost = gaps.count(1.0), gaps.count(-1.0)
        tango = replace(gap, low=-_tango_upper(n_lost, n_gained, n), high=_tango_upper(n_gained, n_lost, n))
        return wider(tango, effect)
    least = Z * Z / (n + Z * Z) / 2
    return replace(gap, low=min(gap.low, gap.mean - least), high=max(gap.high, gap.mean + least))


def apart(left: Sequence[float], right: Sequence[float], gap: Difference) -> Difference:
    """Return a difference of two groups with an interval that is honest for few answers.

    Where an answer is right or wrong it is Newcombe's of 1998, from the two shares' own intervals.
    """
    if not all(value in (0.0, 1.0) for value in (*left, *right)):
        return gap
    (ours, n_ours), (theirs, n_theirs) = ((sum(one) / len(one), len(one)) for one in (left, right))
    (low, high), (low_theirs, high_theirs) = wilson(ours, n_ours), wilson(theirs, n_theirs)
    return replace(
        gap,
        low=gap.mean - sqrt((ours - low) ** 2 + (high_theirs - theirs) ** 2),
        high=gap.mean + sqrt((high - ours) ** 2 + (theirs - low_theirs) ** 2),
    )


def n_to_decide(gap: Difference, margin: float, *, n_tested: int = 1) -> int:
    """Return how many questions would decide between two arms, were their difference what it looks like.

    Either the difference is then measurable, or the arm behind is shown to lose less than the
    margin, whichever takes fewer; with a chance of `POWER`, among `n_tested` pairs tested together.
    """
    return max(gap.n + 1, n_to_see(gap, max(abs(gap.mean), margin - gap.mean), n_tested=n_tested))


def n_to_see(gap: Difference, size: float, *, n_tested: int = 1) -> int:
    """Return how many questions would see a difference of this size, by how far this one scatters."""
    return round(gap.n * (smallest_seen(gap, n_tested=n_tested) / size) ** 2)


def smallest_seen(gap: Difference, *, n_tested: int = 1) -> float:
    """Return the smallest difference that as many questions see with a chance of `POWER`.

    The interval of a difference narrows with the root of the number of questions.
    """
    normal = NormalDist()
    quantiles = normal.inv_cdf(1 - 0.025 / n_tested) + normal.inv_cdf(POWER)
    return (gap.high - gap.low) / 2 / Z * quantiles


def _tango_upper(n_gained: int, n_lost: int, n: int) -> float:
    """Return the upper end for the difference of two paired shares: where its score test is at Z."""

    def score(gap: float) -> float:
        b = -n_gained - n_lost + (2 * n - n_gained + n_lost) * gap
        c = -n_lost * gap * (1 - gap)
        lost = (sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
        variance = n * (2 * lost + gap * (1 - gap))
        return (n * gap - n_gained + n_lost) / sqrt(variance) if variance > 0 else float("inf")

    return _crossing(score, (n_gained - n_lost) / n, 1.0)


def _crossing(score: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising score reaches Z."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if score(middle) < Z:
            low = middle
        else:
            high = middle
    return (low + high) / 2
