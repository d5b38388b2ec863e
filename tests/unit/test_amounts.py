"""Amounts as people read them."""

import pytest

from lorewright.amounts import span_text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (3.2, 7.9, "3 to 8 s"),
        (18, 52, "20 to 50 s"),
        (48, 125, "50 s to 2 min"),
        (240, 545, "4 to 9 min"),
        (700, 1500, "10 to 25 min"),
        (5200, 11000, "85 min to 3 h"),
        (6000, 6100, "about 1.5 h"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_is_sure(low: float, high: float, text: str) -> None:
    """`4 min 12 s` promises what nobody can keep."""
    assert span_text(low, high) == text
