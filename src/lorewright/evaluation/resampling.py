"""Bootstrap and permutation, many draws at once."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_CELLS_AT_ONCE = 2_000_000  # draws x samples held in memory together: 16 MB


def interval_of_mean(values: Sequence[float], *, n_resamples: int, seed: int) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean."""
    means = [drawn.mean(axis=1) for drawn in _resamples(values, n_resamples, seed)]
    low, high = np.quantile(np.concatenate(means), (0.025, 0.975))
    return float(low), float(high)


def interval_of_quantile(
    values: Sequence[float], quantile: float, *, n_resamples: int, seed: int
) -> tuple[float, float, float]:
    """Return a quantile and its 95 % percentile bootstrap interval."""
    drawn = [np.quantile(drawn, quantile, axis=1) for drawn in _resamples(values, n_resamples, seed)]
    low, high = np.quantile(np.concatenate(drawn), (0.025, 0.975))
    return float(np.quantile(values, quantile)), float(low), float(high)


def sign_flip_p_value(gaps: Sequence[float], *, n_resamples: int, seed: int) -> float:
    """Return how often random signs bring a mean at least as far from 0, the observed one counted."""
    observed = abs(sum(gaps))
    draw = np.random.default_rng(seed)
    sizes = np.asarray(gaps, dtype=np.float64)
    n_as_far = 0
    for n_rows in _batches(n_resamples, len(gaps)):
        signs = draw.integers(0, 2, size=(n_rows, len(gaps))) * 2 - 1  # (draws, questions)
        n_as_far += int((np.abs(signs @ sizes) >= observed - 1e-9).sum())
    return (n_as_far + 1) / (n_resamples + 1)


def _resamples(values: Sequence[float], n_resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Yield blocks of resamples with replacement: (draws, samples)."""
    draw = np.random.default_rng(seed)
    sample = np.asarray(values, dtype=np.float64)
    for n_rows in _batches(n_resamples, len(sample)):
        yield sample[draw.integers(0, len(sample), size=(n_rows, len(sample)))]


def _batches(n_resamples: int, n_samples: int) -> Iterator[int]:
    n_at_once = max(1, _CELLS_AT_ONCE // max(1, n_samples))
    for start in range(0, n_resamples, n_at_once):
        yield min(n_at_once, n_resamples - start)
