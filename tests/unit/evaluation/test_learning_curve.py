"""Enough examples?"""

import random
from collections.abc import Sequence

import pytest

from lorewright.datasets import Example
from lorewright.evaluation import Question, ScoringContext, from_json, to_json
from lorewright.evaluation.learning_curve import LearningCurve, learning_curve
from lorewright.messages import Message
from lorewright.workspace.comparisons.enough_examples import enough_examples

N_QUESTIONS = 60


def curve_of(chance: Sequence[float], *, n: int = 400) -> LearningCurve:
    """Return the curve of a learner that is right with these chances at 12, 25, 50 and 100 %."""
    draw = random.Random(3)
    by_size = dict(zip((round(0.12 * n), round(0.25 * n), round(0.5 * n), n), chance, strict=True))
    ease = [draw.random() for _ in range(N_QUESTIONS)]

    def score(examples: Sequence[int]) -> list[float]:
        return [float(one < by_size[len(examples)]) for one in ease]

    return learning_curve("nearest", range(n), score, groups=[""] * N_QUESTIONS)


def test_a_curve_that_rises_says_what_fifty_more_bring() -> None:
    """.2 with every doubling, from 400 to 450 examples: a sixth of a doubling, 3 to 4 points."""
    curve = curve_of([0.2, 0.4, 0.6, 0.8])
    assert curve.n_examples == 400
    assert not curve.is_flat
    assert 0.02 < curve.per_50.low < curve.per_50.mean < curve.per_50.high < 0.05
    assert curve.text.startswith("More examples would help nearest: 50 more would bring +3.")
    assert "48: 13%" in curve.text


def test_a_flat_curve_says_that_there_are_enough() -> None:
    curve = curve_of([0.7, 0.7, 0.7, 0.7])
    assert curve.is_flat
    assert curve.text.startswith("More examples would not help nearest, the curve is flat: 50 more")
    assert curve.per_50.mean == pytest.approx(0.0)


def test_a_curve_survives_json() -> None:
    curve = curve_of([0.2, 0.4, 0.6, 0.8])
    assert from_json(LearningCurve, to_json(curve)) == curve


def test_the_answers_of_more_examples_are_nearer() -> None:
    """Every question has one example of its own: with a quarter of them a quarter is known."""
    names = [
        f"{first}{second}" for first in "bcdfgklm" for second in ("ando", "elun", "ipra", "osti", "urve")
    ]
    examples = [
        Example(id=name, prompt=(Message("user", f"What is the code of {name}?"),), completion=f"C-{place}")
        for place, name in enumerate(names)
    ]
    questions = [
        Question(
            id=name, conversation=(Message("user", f"Tell me the code of {name}"),), targets=(f"C-{place}",)
        )
        for place, name in enumerate(names)
    ]
    curve = enough_examples(examples, questions, ScoringContext(primary="exact"))
    assert curve is not None
    shares = [point.correctness.mean for point in curve.points]
    assert shares == pytest.approx([0.12, 0.25, 0.5, 1.0], abs=0.04)
    assert enough_examples(examples[:10], questions, ScoringContext(primary="exact")) is None
    assert enough_examples(examples, questions[:5], ScoringContext(primary="exact")) is None
