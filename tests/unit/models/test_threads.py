"""How many threads models use."""

import os

import pytest

from lorewright.models.threads import Threads, n_processors, threads_for


def test_threads_follow_from_the_processors() -> None:
    """One thread wrote as fast as two on two processors, and costs less."""
    assert threads_for(1) == Threads(writing=1, reading=1, embedding=1)
    assert threads_for(2) == Threads(writing=1, reading=2, embedding=2)
    assert threads_for(8) == Threads(writing=4, reading=8, embedding=8)


def test_threads_that_the_settings_name_are_taken() -> None:
    assert threads_for(8, writing=1, reading=3) == Threads(writing=1, reading=3, embedding=8)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processes cannot be bound here")
def test_processors_that_the_process_is_not_bound_to_do_not_count() -> None:
    """A container or taskset gives a part of the machine: threads for all of it would wait for each other."""
    bound = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(bound)})
    try:
        assert n_processors() == 1
    finally:
        os.sched_setaffinity(0, bound)
    assert n_processors() == len(bound)
