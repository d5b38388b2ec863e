"""Many pairs of arms tested at once."""

import random

import pytest

from lorewright.evaluation import Report, Row, build_report, differences_of
from lorewright.evaluation.holm import adjusted


def test_p_values_are_adjusted_as_published() -> None:
    """Holm 1979: times 4, 3, 2 and 1 in the order of size, and never falling."""
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjusted([]) == []


def test_seven_arms_that_are_alike_seldom_look_different() -> None:
    """21 pairs at 5 % each would name a difference in many comparisons of equal arms."""
    n_named = n_unadjusted = 0
    for seed in range(12):
        draw = random.Random(seed)
        reports = [_report(f"arm{arm}", [float(draw.random() < 0.5) for _ in range(60)]) for arm in range(7)]
        gaps = differences_of("correctness", reports)
        n_named += any(gap.is_measurable for gap in gaps)
        n_unadjusted += any(gap.p_value < 0.05 for gap in gaps)
    assert n_named <= 1 < n_unadjusted


def _report(arm: str, scores: list[float]) -> Report:
    rows = [
        Row(
            question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so",
            refused=False, citations=(), scores={"correctness": score}, is_right=bool(score), failure="",
            unsupported=(), latency_ms=1.0, prompt_tokens=1, completion_tokens=1,
        )
        for number, score in enumerate(scores)
    ]  # fmt: skip
    return build_report(arm, rows)
