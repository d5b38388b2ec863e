"""Questions about one document stand and fall together."""

import random

import pytest

from lorewright.evaluation import Report, Row, build_report, chances_of_best, difference, differences_of
from lorewright.evaluation.groups import design_effect, group_of, grouped_difference, grouped_estimate


def test_ten_questions_about_each_page_are_worth_one() -> None:
    """The extreme: all ten have the same answer."""
    values = [float(page % 2) for page in range(20) for _ in range(10)]
    groups = [f"page{page}" for page in range(20) for _ in range(10)]
    assert design_effect(values, groups) == pytest.approx(10, rel=0.1)
    alone = grouped_estimate(values, [""] * 200)
    together = grouped_estimate(values, groups)
    assert together.mean == alone.mean
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(10**0.5, rel=0.1)


def test_pages_without_anything_in_common_change_nothing() -> None:
    draw = random.Random(1)
    values = [float(draw.random() < 0.6) for _ in range(200)]
    assert design_effect(values, [f"page{n % 40}" for n in range(200)]) < 1.6
    assert design_effect(values, [f"page{n}" for n in range(200)]) == 1.0
    assert design_effect(values, [""] * 200) == 1.0
    assert design_effect(values, ["the only page"] * 200) == 1.0


def test_intervals_of_grouped_questions_hold_the_truth_as_often_as_they_say() -> None:
    """Counted: 12 pages of 8 questions, where a page is easy or hard for an arm."""
    draw, n_held, n_held_alone = random.Random(7), 0, 0
    for _ in range(150):
        gaps, groups = [], []
        for page in range(12):
            ease = draw.choice([-0.5, 0.5])
            gaps += [ease + draw.uniform(-0.3, 0.3) for _ in range(8)]
            groups += [f"page{page}"] * 8
        zeros = ("b", [0.0] * len(gaps))
        together = grouped_difference("correctness", ("a", gaps), zeros, groups)
        alone = difference("correctness", ("a", gaps), zeros)
        n_held += together.low <= 0 <= together.high
        n_held_alone += alone.low <= 0 <= alone.high
    assert n_held >= 0.88 * 150 > 0.75 * 150 > n_held_alone


def test_an_arm_that_knows_two_pages_is_not_shown_to_be_better() -> None:
    """Twelve more right answers look like much, and are two pages."""
    rag, base = _report("rag", pages_known=7), _report("base", pages_known=5)
    (gap,) = differences_of("correctness", [rag, base])
    assert gap.mean == pytest.approx(12 / 60)
    assert not gap.is_measurable
    (apart,) = differences_of(
        "correctness", [_report("rag", pages_known=7, is_grouped=False), _report("base", pages_known=5)]
    )
    assert apart.is_measurable
    assert 0 < chances_of_best([rag, base])["base"] < 0.2


def test_a_question_belongs_to_its_conversation_or_else_to_its_document() -> None:
    assert group_of({"conversation_id": 7}, ["a.md"]) == "7"
    assert group_of({"tags": ["x"]}, ["a.md", "b.md"]) == "a.md"
    assert group_of({}, []) == ""


def _report(arm: str, *, pages_known: int, is_grouped: bool = True) -> Report:
    rows = [
        Row(
            question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so",
            refused=False, citations=(), scores={"correctness": float(number // 6 < pages_known)},
            is_right=number // 6 < pages_known, failure="", unsupported=(), latency_ms=1.0,
            prompt_tokens=1, completion_tokens=1, group=f"page{number // 6}" if is_grouped else "",
        )
        for number in range(60)
    ]  # fmt: skip
    return build_report(arm, rows)
