"""A figure with what is needed to believe it, and whether two figures differ."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean with its 95 % interval and the number of answers behind it."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.2f} ({self.low:.2f} to {self.high:.2f}, n={self.n})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One arm's metric minus another's over the same questions: mean, 95 % interval, p value.

    `p_adjusted` is the p value among all pairs that were tested with it (Holm 1979), `None` where
    this pair was the only one.
    """

    left: str
    right: str
    metric: str
    mean: float
    low: float
    high: float
    p_value: float
    n: int
    p_adjusted: float | None = None

    @property
    def is_measurable(self) -> bool:
        """Whether there is a difference to speak of: the interval leaves out 0 and p is below .05."""
        p_value = self.p_value if self.p_adjusted is None else self.p_adjusted
        return (self.low > 0.0 or self.high < 0.0) and p_value < 0.05


def estimate(scores: Sequence[float], *, n_resamples: int = 2000, seed: int = 0) -> Estimate:
    """Return the mean of at least one score with its percentile bootstrap interval (Efron 1979).

    Where all scores are 0 or all are 1, resampling shows no spread and would claim certainty;
    the interval is then the exact binomial one (Clopper and Pearson 1934).
    """
    from lorewright.evaluation import resampling  # numpy loads only when something is measured

    mean, n = sum(scores) / len(scores), len(scores)
    low, high = resampling.interval_of_mean(scores, n_resamples=n_resamples, seed=seed)
    if low == high == 1.0:
        low = 0.025 ** (1 / n)
    elif low == high == 0.0:
        high = 1 - 0.025 ** (1 / n)
    return Estimate(mean=mean, low=low, high=high, n=n)


def estimate_quantile(
    values: Sequence[float], quantile: float, *, n_resamples: int = 2000, seed: int = 0
) -> Estimate:
    """Return a quantile of at least one value with its bootstrap interval; `mean` holds the quantile."""
    from lorewright.evaluation import resampling  # numpy loads only when something is measured

    value, low, high = resampling.interval_of_quantile(values, quantile, n_resamples=n_resamples, seed=seed)
    return Estimate(mean=value, low=low, high=high, n=len(values))


def difference(
    metric: str,
    left: tuple[str, Sequence[float]],
    right: tuple[str, Sequence[float]],
    *,
    n_resamples: int = 2000,
    n_flips: int = 2000,
    seed: int = 0,
) -> Difference:
    """Return left minus right for two arms (name, scores) that answered the same questions in order.

    The interval comes from resampling questions, the p value from flipping signs: if the arms were
    alike, each question could have favoured either (Dror et al. 2018). Where an answer is right or
    wrong, all ways to flip them are counted (McNemar's exact test); finer scores are flipped
    `n_flips` times at random.
    """
    from lorewright.evaluation import resampling  # numpy loads only when something is measured

    gaps = [a - b for a, b in zip(left[1], right[1], strict=True)]
    low, high = resampling.interval_of_mean(gaps, n_resamples=n_resamples, seed=seed)
    return Difference(
        left=left[0],
        right=right[0],
        metric=metric,
        mean=sum(gaps) / len(gaps),
        low=low,
        high=high,
        p_value=resampling.sign_flip_p_value(gaps, n_flips=n_flips, seed=seed),
        n=len(gaps),
    )
