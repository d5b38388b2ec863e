"""A build that fails where an arm answers worse than it did."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

import pytest

from lorewright.errors import UserError
from lorewright.evaluation import Comparison, Row, build_report, compare
from lorewright.evaluation.regression import changes_since, fallen, junit_of


def test_an_arm_that_lost_more_than_chance_explains_fell() -> None:
    changed = changes_since(measured(rag=range(50), base=range(10)), measured(rag=range(30), base=range(9)))
    assert [(change.arm, change.outcome) for change in changed] == [("rag", "fell"), ("base", "held")]
    (rag,) = fallen(changed)
    assert rag.text == "rag fell: 83% → 50% (-33 points, 95% -46 to -23, n=60)"


def test_other_answers_as_often_right_are_no_fall() -> None:
    """Two questions lost on sixty is what another seed does."""
    changed = changes_since(measured(rag=range(50)), measured(rag=range(2, 50)))
    assert fallen(changed) == ()


def test_one_arm_of_many_that_fell_by_luck_fails_no_build() -> None:
    """p is .03 for this one: one of eight arms does so in a fifth of all builds."""
    same = {f"arm{number}": range(30) for number in range(1, 8)}
    before, now = of({"arm0": range(30), **same}), of({"arm0": range(6, 30), **same})
    assert fallen(changes_since(before, now)) == ()
    assert fallen(changes_since(measured(arm0=range(30)), measured(arm0=range(6, 30))))


def test_arms_that_are_new_or_gone_are_named_and_do_not_fail() -> None:
    changed = changes_since(measured(rag=range(50), old=range(5)), measured(rag=range(50), new=range(40)))
    assert [(change.arm, change.outcome) for change in changed] == [
        ("rag", "held"),
        ("new", "new"),
        ("old", "not measured"),
    ]


def test_other_questions_are_compared_as_two_groups() -> None:
    changed = changes_since(measured(rag=range(55)), measured(start=100, rag=range(100, 120)))
    assert changed[0].outcome == "fell"
    assert not changed[0].is_paired
    assert changed[0].text.endswith("n=120, other questions)")


def test_ci_reads_which_arm_fell() -> None:
    text = junit_of(
        changes_since(measured(rag=range(50), old=range(5)), measured(rag=range(20))), name="nightly"
    )
    suite = ET.fromstring(text).find("testsuite")
    assert suite is not None
    assert suite.attrib["failures"] == "1"
    assert suite.attrib["skipped"] == "1"
    failure = suite.find("testcase[@name='rag']/failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("rag fell: 83% → 33%")


def test_another_meaning_of_correctness_is_no_baseline() -> None:
    with pytest.raises(UserError, match="Correctness was 'exact' in the baseline and is 'token_f1' now"):
        changes_since(measured(rag=range(50)), measured(primary="token_f1", rag=range(50)))


def measured(*, start: int = 0, primary: str = "exact", **right: range) -> Comparison:
    return of(right, start=start, primary=primary)


def of(right: Mapping[str, range], *, start: int = 0, primary: str = "exact") -> Comparison:
    reports = [
        build_report(arm, [_row(number, number in answered) for number in range(start, start + 60)])
        for arm, answered in right.items()
    ]
    return compare(reports, id="made", created_at=0.0, primary=primary)


def _row(number: int, is_right: bool) -> Row:
    return Row(
        question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so", refused=False,
        citations=(), scores={"correctness": float(is_right)}, is_right=is_right,
        failure="" if is_right else "not-known", unsupported=(), latency_ms=1.0, prompt_tokens=1,
        completion_tokens=1,
    )  # fmt: skip
