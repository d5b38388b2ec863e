"""How much worse an arm may be, as far as so many questions tell."""

from math import comb

import numpy as np
import pytest

from lorewright.evaluation import (
    Difference,
    apart,
    difference,
    difference_of_groups,
    n_to_decide,
    n_to_see,
    smallest_seen,
    widened,
    wilson,
)


def paired(n_gained: int, n_lost: int, n: int) -> Difference:
    left = [1.0] * n_gained + [0.0] * n_lost + [1.0] * (n - n_gained - n_lost)
    right = [0.0] * n_gained + [1.0] * n_lost + [1.0] * (n - n_gained - n_lost)
    gaps = [one - other for one, other in zip(left, right, strict=True)]
    return widened(difference("correctness", ("a", left), ("b", right)), gaps)


def test_few_answers_that_agree_do_not_show_that_two_arms_are_alike() -> None:
    """Resampling ten equal answers says 0 to 0; by Tango's interval it is z²/(n + z²)."""
    assert paired(0, 0, 10).high == pytest.approx(3.8415 / 13.8415, abs=1e-4)
    assert paired(0, 0, 10).high > paired(0, 0, 72).high > 0.05 > paired(0, 0, 74).high


def test_the_interval_is_that_of_the_published_example() -> None:
    """Tango 1998, table 3: one of 44 pairs discordant."""
    gap = paired(1, 0, 44)
    assert (round(gap.low, 3), round(gap.high, 3)) == (-0.059, 0.118)


def test_finer_scores_keep_their_resampled_interval() -> None:
    left, right = [0.5 + (number % 7) / 20 for number in range(100)], [0.5] * 100
    gap = difference("correctness", ("a", left), ("b", right))
    gaps = [one - other for one, other in zip(left, right, strict=True)]
    assert widened(gap, gaps).high == max(gap.high, gap.mean + 3.8415 / 103.8415 / 2)


def test_a_share_of_few_is_not_trusted() -> None:
    """Two of three right is 67 %, and may be 21 %."""
    assert wilson(2 / 3, 3)[0] == pytest.approx(0.2077, abs=1e-4)
    assert wilson(0.0, 20)[1] == pytest.approx(0.1611, abs=1e-4)


def test_clear_differences_need_few_more_questions_and_close_ones_many() -> None:
    assert n_to_decide(paired(9, 3, 30), 0.05) < 100
    assert n_to_decide(paired(4, 3, 30), 0.05) > 800
    assert 600 > n_to_decide(paired(1, 0, 60), 0.05) > 200


@pytest.mark.parametrize("n_pairs", [1, 6])
def test_so_many_questions_see_the_difference_four_times_in_five(n_pairs: int) -> None:
    """Counted: comparisons are drawn at the size that is named, and tested exactly (McNemar 1947)."""
    gain, loss = 0.30, 0.10
    n = n_to_decide(paired(12, 4, 40), 0.05, n_tested=n_pairs)
    draw = np.random.default_rng(1)
    gained, lost, _ = draw.multinomial(n, [gain, loss, 1 - gain - loss], size=2000).T
    seen = [exact(int(one), int(other)) * n_pairs < 0.05 for one, other in zip(gained, lost, strict=True)]
    assert 0.72 < np.mean(seen) < 0.88


def test_the_smallest_difference_seen_takes_the_questions_there_are() -> None:
    gap = paired(20, 12, 80)
    assert n_to_see(gap, smallest_seen(gap)) == 80
    assert n_to_see(gap, smallest_seen(gap) / 2) == 320


def test_two_groups_of_few_answers_have_newcombes_interval() -> None:
    """Newcombe 1998, method 10, table II: 56/70 against 48/80."""
    left, right = [1.0] * 56 + [0.0] * 14, [1.0] * 48 + [0.0] * 32
    gap = apart(left, right, difference_of_groups("correctness", ("a", left), ("b", right)))
    assert (round(gap.low, 4), round(gap.high, 4)) == (0.0524, 0.3339)


def exact(n_gained: int, n_lost: int) -> float:
    n = n_gained + n_lost
    return float(min(1.0, 2 * sum(comb(n, k) for k in range(max(n_gained, n_lost), n + 1)) / 2**n))
