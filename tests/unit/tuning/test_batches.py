"""Rows of like length share a batch, in an order that the seed decides."""

import random

import pytest

from lorewright.tuning.batches import batches, tokens_per_batch

LENGTHS = [random.Random(0).randint(20, 300) for _ in range(200)]


def test_every_row_is_seen_once_and_no_batch_is_over_budget() -> None:
    made = batches(LENGTHS, batch_tokens=1024, seed=0, epoch=0)
    assert sorted(place for batch in made for place in batch) == list(range(200))
    assert all(len(batch) * max(LENGTHS[place] for place in batch) <= 1024 for batch in made)


def test_little_is_padding() -> None:
    made = batches(LENGTHS, batch_tokens=1024, seed=0, epoch=0)
    padded = sum(len(batch) * max(LENGTHS[place] for place in batch) for batch in made)
    assert sum(LENGTHS) / padded > 0.9


def test_the_order_follows_from_seed_and_epoch() -> None:
    first = batches(LENGTHS, batch_tokens=1024, seed=0, epoch=0)
    assert batches(LENGTHS, batch_tokens=1024, seed=0, epoch=0) == first
    assert batches(LENGTHS, batch_tokens=1024, seed=0, epoch=1) != first
    assert batches(LENGTHS, batch_tokens=1024, seed=1, epoch=0) != first


def test_a_row_over_budget_is_a_batch_alone() -> None:
    assert sorted(batches([50, 5000, 60], batch_tokens=100, seed=0, epoch=0)) == [(0,), (1,), (2,)]


def test_no_rows_make_no_batches() -> None:
    assert batches([], batch_tokens=100, seed=0, epoch=0) == []


@pytest.mark.parametrize(
    ("n_tokens", "expected"),
    [(7_000, 70), (22_000, 220), (102_400, 1024), (1_000_000, 1024), (10, 1)],
)
def test_few_tokens_are_learned_in_small_batches(n_tokens: int, expected: int) -> None:
    """A hundred short examples in twenty steps learned half of what they learn in a hundred."""
    assert tokens_per_batch(n_tokens, most=1024, least_steps=100) == expected


def test_without_least_steps_a_batch_is_as_large_as_may_be() -> None:
    assert tokens_per_batch(10, most=1024, least_steps=0) == 1024


def test_few_rows_make_about_as_many_steps_as_are_wanted() -> None:
    n_epochs, lengths = 3, [length // 4 for length in LENGTHS]
    size = tokens_per_batch(n_epochs * sum(lengths), most=1024, least_steps=100)
    n_steps = n_epochs * len(batches(lengths, batch_tokens=size, seed=0, epoch=0))
    assert 100 <= n_steps <= 130
