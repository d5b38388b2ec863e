"""Whether two groups of answers differ that were not given to the same questions."""

from collections.abc import Sequence

from lorewright.evaluation.estimate import Difference


def difference_of_groups(
    metric: str,
    left: tuple[str, Sequence[float]],
    right: tuple[str, Sequence[float]],
    *,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Difference:
    """Return left minus right for two groups (name, scores), at least one score in each.

    The interval comes from resampling each group, the p value from dealing the scores out again at
    random: if the groups were alike, each score could stand in either. `n` counts both together.
    """
    import numpy as np  # loads only when something is measured

    draw = np.random.default_rng(seed)
    ours, theirs = np.asarray(left[1], dtype=np.float64), np.asarray(right[1], dtype=np.float64)
    gap = float(ours.mean() - theirs.mean())
    both = np.concatenate((ours, theirs))
    gaps, n_as_far = [], 0
    for _ in range(n_resamples):
        gaps.append(draw.choice(ours, len(ours)).mean() - draw.choice(theirs, len(theirs)).mean())
        dealt = draw.permutation(both)
        n_as_far += abs(dealt[: len(ours)].mean() - dealt[len(ours) :].mean()) >= abs(gap) - 1e-9
    low, high = np.quantile(gaps, (0.025, 0.975))
    return Difference(
        left=left[0],
        right=right[0],
        metric=metric,
        mean=gap,
        low=float(low),
        high=float(high),
        p_value=float((n_as_far + 1) / (n_resamples + 1)),
        n=len(both),
    )
