"""Two rankings into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Known(Generic[Key]):
    """A query with what each side scored and which keys are right."""

    text: Mapping[Key, float]
    dense: Mapping[Key, float]
    right: frozenset[Key]


def fuse(
    text: Mapping[Key, float], dense: Mapping[Key, float], *, dense_weight: float = 0.5
) -> list[tuple[Key, float]]:
    """Return everything either side found with a score in [0, 1], best first.

    Each side is stretched to [0, 1] by its lowest and highest score (min-max) and weighted; what a
    side did not find scores 0 there. Unlike reciprocal ranks this keeps how far ahead a hit is, so
    a side that has no idea cannot outvote one that has. Ties keep the order of `text`, then `dense`.
    """
    weighted = [(stretched(text), 1.0 - dense_weight), (stretched(dense), dense_weight)]
    fused: dict[Key, float] = {}
    for scores, weight in weighted:
        for key, score in scores.items():
            fused[key] = fused.get(key, 0.0) + weight * score
    # sorted() is stable and a dict keeps insertion order: that is the tie rule above.
    return sorted(fused.items(), key=lambda scored: -scored[1])


def fit_weight(queries: Sequence[Known[Key]], *, default: float = 0.5, n_kept: int = 10) -> float:
    """Return the `dense_weight`, in tenths, that ranks the right keys of known queries highest.

    Measured is the sum of the reciprocal ranks of the first right key within `n_kept`. Leaving
    `default` by d must win 10 d² queries, so a handful of them decides nothing.
    """

    def worth(weight: float) -> float:
        return (
            sum(_reciprocal_rank(query, weight, n_kept) for query in queries) - 10 * (weight - default) ** 2
        )

    weights = sorted((tenth / 10 for tenth in range(11)), key=lambda weight: abs(weight - default))
    return max(weights, key=worth)  # max() keeps the first: of equals the one closest to `default`


def _reciprocal_rank(query: "Known[Key]", dense_weight: float, n_kept: int) -> float:
    """Return 1 / rank of the first right key, 0 where none is found."""
    ranked = fuse(query.text, query.dense, dense_weight=dense_weight)[:n_kept]
    return next((1 / rank for rank, (key, _) in enumerate(ranked, start=1) if key in query.right), 0.0)


def stretched(scores: Mapping[Key, float]) -> dict[Key, float]:
    """Return scores from 0 for the lowest to 1 for the highest; all 1 where they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}
