"""Several comparisons at once: the more pairs are tested, the more often one looks different by luck."""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p values, in order, that keep the chance of any false difference at 5 % (Holm 1979)."""
    n = len(p_values)
    order = sorted(range(n), key=lambda place: p_values[place])
    result, least = [1.0] * n, 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (n - rank) * p_values[place]))
        result[place] = least
    return result
