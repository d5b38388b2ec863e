"""The judge: what it says of two texts, and what happens when its file is not there."""

from pathlib import Path
from typing import Any

import pytest

from lorewright.errors import UnusableJudge
from lorewright.models import Judge, open_judge
from lorewright.models.engines.judge import OnnxJudge, checked
from lorewright.models.fakes import WordJudge
from lorewright.models.judge import SHIPPED_JUDGE


def test_a_text_with_the_questions_words_is_worth_more() -> None:
    """What flows are tested with must prefer the text that a reader would."""
    judge: Judge = WordJudge()

    leave, travel = judge.read("How many days of leave?", ["Leave lasts 30 days.", "Travel by train."])

    assert leave.answerability > travel.answerability


def test_another_number_is_a_contradiction() -> None:
    """The one change that costs most must show in every test that uses this judge."""
    judge: Judge = open_judge("words")

    right, wrong = judge.support(
        [("Leave lasts 30 days.", "Leave lasts 30 days."), ("Leave lasts 28 days.", "Leave lasts 30 days.")]
    )

    assert right.supported == 1.0
    assert wrong.contradicted > wrong.supported
    assert ["Leave lasts 28 days."[start:end] for start, end in wrong.doubted] == ["28"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Who copied a package without its weights must read which file to bring."""
    with pytest.raises(UnusableJudge, match=r"judge\.onnx is missing"):
        checked(tmp_path / "judge.onnx")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """Weights with a flipped bit still answer, only wrongly."""
    (tmp_path / "judge.onnx").write_bytes(b"not what was shipped")

    with pytest.raises(UnusableJudge, match="damaged"):
        checked(tmp_path / "judge.onnx")


def test_a_pair_that_was_read_is_not_read_again() -> None:
    """A refusal asks twice about the same windows: the model must run once for both."""
    judge = _Counting(SHIPPED_JUDGE, n_threads=1)

    judge.read("How long is leave?", ["Leave lasts 30 days."])
    judge.support([("How long is leave?", "Leave lasts 30 days.")])

    assert judge.n_runs == 1


class _Counting(OnnxJudge):
    """The judge as it ships, which counts how often its model runs."""

    n_runs = 0

    def _run_once(self, question: str, text: str) -> tuple[Any, Any, Any, Any]:
        self.n_runs += 1
        return super()._run_once(question, text)
