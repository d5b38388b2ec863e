"""Labels that were taken for each other."""

from dataclasses import replace

import pytest

from lorewright.evaluation import (
    Comparison,
    Question,
    Row,
    ScoringContext,
    build_report,
    confusions,
    score_answer,
)
from lorewright.evaluation import compare as compare_reports
from lorewright.flows import Answer
from lorewright.flows.answer import Provenance
from lorewright.messages import Message
from lorewright.models import Usage

LABELS = ("delay", "refund", "Login")
NOTHING = Provenance("", "", "", "", "", "", 0)


def row(number: int, wanted: str, given: str, *, refused: bool = False) -> Row:
    question = Question(id=f"q{number}", conversation=(Message("user", f"{number}?"),), targets=(wanted,))
    answer = Answer("tuned", given, (), (), Usage(), 1.0, {}, NOTHING, refused=refused)
    return score_answer(question, answer, ScoringContext(primary="exact"))


def comparison(*rows: Row, labels: tuple[str, ...] = LABELS) -> Comparison:
    made = compare_reports([build_report("tuned", rows)], id="c", created_at=0.0, primary="exact")
    return replace(made, measured=replace(made.measured, labels=labels))


def test_wrong_labels_refusals_and_free_text_are_told_apart() -> None:
    """Each of them needs another remedy."""
    told = confusions(
        comparison(
            row(1, "delay", "Delay"),
            row(2, "delay", "refund"),
            row(3, "login", "None of the labels fits.", refused=True),
            row(4, "refund", "I think it is a refund"),
        )
    )[0]
    assert {(pair.wanted, pair.given) for pair in told.confused} == {
        ("delay", "refund"),
        ("Login", "(refused)"),
        ("refund", "(no label)"),
    }
    assert told.n("delay", "delay") == 1
    assert told.given[-2:] == ("(refused)", "(no label)")


def test_macro_f1_counts_every_label_the_same() -> None:
    rows = [row(number, "delay", "delay") for number in range(9)]
    told = confusions(comparison(*rows, row(9, "refund", "delay")))[0]
    assert told.macro_f1 == pytest.approx((18 / 19 + 0) / 2)


def test_answers_that_are_no_labels_have_no_confusion() -> None:
    assert confusions(comparison(row(1, "delay", "delay"), labels=())) == ()
