"""Rows of like length together, in an order that follows from the seed."""

import random
from collections.abc import Sequence

_POOL_BATCHES = 8


def batches(lengths: Sequence[int], *, batch_tokens: int, seed: int, epoch: int) -> list[tuple[int, ...]]:
    """Return the places of all rows in batches of at most `batch_tokens`, padding included.

    Rows are shuffled, sorted by length within pools of some batches, cut, and the batches shuffled
    again: little padding, and a different order every epoch. A row that is longer is a batch alone.
    """
    order = list(range(len(lengths)))
    draw = random.Random(f"{seed}:{epoch}")  # noqa: S311 - an order, not a secret
    draw.shuffle(order)
    made: list[tuple[int, ...]] = []
    for pool in _pools(order, lengths, _POOL_BATCHES * batch_tokens):
        made.extend(_cut(sorted(pool, key=lambda place: lengths[place]), lengths, batch_tokens))
    draw.shuffle(made)
    return made


def tokens_per_batch(n_tokens: float, *, most: int, least_steps: int) -> int:
    """Return how many tokens a batch takes, so that as many as all epochs read make `least_steps` batches.

    A batch takes `most` where that is more than enough steps; a row that is longer is a batch alone.
    """
    return max(1, min(most, int(n_tokens / least_steps))) if least_steps else most


def _pools(order: Sequence[int], lengths: Sequence[int], pool_tokens: int) -> list[list[int]]:
    pools: list[list[int]] = [[]]
    n_tokens = 0
    for place in order:
        if n_tokens > pool_tokens:
            pools.append([])
            n_tokens = 0
        pools[-1].append(place)
        n_tokens += lengths[place]
    return pools


def _cut(order: Sequence[int], lengths: Sequence[int], batch_tokens: int) -> list[tuple[int, ...]]:
    """Cut places ordered by length: the last row of a batch is its longest."""
    made: list[tuple[int, ...]] = []
    batch: list[int] = []
    for place in order:
        if batch and (len(batch) + 1) * lengths[place] > batch_tokens:
            made.append(tuple(batch))
            batch = []
        batch.append(place)
    return [*made, tuple(batch)] if batch else made
