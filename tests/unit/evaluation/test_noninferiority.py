"""How much worse an arm may be, as far as so many questions tell."""

import pytest

from lorewright.evaluation import Difference, difference, n_to_decide, widened, wilson


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
    assert n_to_decide(paired(9, 3, 30), 0.05) < 40
    assert n_to_decide(paired(4, 3, 30), 0.05) > 400
    assert 300 > n_to_decide(paired(1, 0, 60), 0.05) > 100
