"""How long a run will take, and how far off that may be."""

import pytest

from lorewright.tuning.recipe_difference import recipe_differences
from lorewright.tuning.timing import Pace, timing


def test_without_earlier_runs_only_the_order_of_magnitude_is_told() -> None:
    told = timing(26_000, [], rough=60)
    assert (told.seconds, told.low, told.high) == (68, 68 / 3, 204)
    assert (told.tokens, told.n_measured) == (10_000, 0)


def test_an_earlier_run_says_how_fast_it_goes() -> None:
    told = timing(20_000, [Pace(10_000, 4000, 30)], rough=5)
    assert (told.seconds, told.tokens, told.n_measured) == (60, 8000, 1)
    assert told.low == pytest.approx(36)
    assert told.high == pytest.approx(84)


def test_several_runs_widen_the_span_to_what_they_took() -> None:
    told = timing(10_000, [Pace(10_000, 4000, 10), Pace(10_000, 4000, 30), Pace(10_000, 4000, 90)], rough=5)
    assert (told.low, told.seconds, told.high) == (10, 30, 90)


def test_what_a_short_run_loaded_is_not_said_to_grow_with_a_long_one() -> None:
    """Ten seconds for a handful of rows are libraries and the base, for the most part."""
    told = timing(100_000, [Pace(10_000, 4000, 10)], rough=5)
    assert told.seconds == 100
    assert told.low == pytest.approx(8 + 20)


def test_a_run_that_took_nothing_says_nothing() -> None:
    assert timing(1000, [Pace(0, 0, 0)], rough=5).n_measured == 0


def test_only_settings_that_differ_are_told() -> None:
    found = recipe_differences([{"rank": 16, "epochs": 3.0}, {"rank": 8, "epochs": 3.0, "beta": 0.1}])
    assert found == {"rank": [16, 8], "beta": [None, 0.1]}
