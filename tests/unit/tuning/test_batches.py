"""Rows of like length share a batch, in an order that the seed decides."""

import random

from lorewright.tuning.batches import batches

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
