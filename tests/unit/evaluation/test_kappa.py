"""A chat model as judge is believed as far as it agrees with people."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lorewright.errors import InvalidExamples
from lorewright.evaluation import SCORERS, Question, ScoringContext
from lorewright.evaluation.kappa import Rating, cohen_kappa, read_ratings
from lorewright.flows import Answer


def test_kappa_is_that_of_the_textbook() -> None:
    """50 answers: both yes 20, both no 15, 5 and 10 apart: .7 agree, .5 by chance."""
    judge = [True] * 25 + [False] * 25
    people = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    kappa = cohen_kappa(judge, people)
    assert kappa.value == pytest.approx(0.4)
    assert kappa.agreement == pytest.approx(0.7)
    assert kappa.n == 50
    assert kappa.low < 0.25 < 0.55 < kappa.high
    assert kappa.is_evidence


def test_a_judge_that_always_agrees_knows_nothing() -> None:
    """It says right to everything, and is right in four of five: chance does as well."""
    kappa = cohen_kappa([True] * 50, [True] * 40 + [False] * 10)
    assert kappa.value == 0.0
    assert kappa.agreement == pytest.approx(0.8)
    assert not kappa.is_evidence


def test_five_ratings_are_no_calibration() -> None:
    assert not cohen_kappa([True, False, True, False, True], [True, False, True, False, True]).is_evidence


def test_ratings_are_read_and_those_without_one_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ratings.jsonl"
    path.write_text(
        '{"reference": "30 days", "answer": "30", "right": true}\n\n'
        '{"reference": "30 days", "answer": "20", "right": null}\n'
    )
    assert read_ratings(path) == [Rating(reference="30 days", answer="30", is_right=True)]
    path.write_text('{"reference": "30 days", "right": "yes"}\n')
    with pytest.raises(InvalidExamples, match=r"ratings\.jsonl, line 1 is not a rated answer"):
        read_ratings(path)


@pytest.mark.parametrize(("said", "score"), [("RIGHT", 1.0), ("Wrong.", 0.0), ("It depends.", 0.0)])
def test_a_model_judges_by_one_word(
    ask: Callable[..., Question], say: Callable[..., Answer], said: str, score: float
) -> None:
    seen = []

    def model(prompt: str) -> str:
        seen.append(prompt)
        return said

    question = ask(targets=("30 days",))
    scorer = SCORERS.load("judged")
    assert scorer(question, say("It is a month."), ScoringContext(ask_judge=model)) == {"judged": score}
    assert "Reference:\n30 days" in seen[0]
    assert "Answer:\nIt is a month." in seen[0]
    assert scorer(question, say("It is a month."), ScoringContext()) == {}
