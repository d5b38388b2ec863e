"""Which questions are read, and what became of them since."""

from dataclasses import replace

import pytest

from lorewright.evaluation import (
    Comparison,
    Measured,
    Row,
    Selection,
    build_report,
    compare,
    compare_two,
    questions_in,
    select,
    tags_in,
    tags_of,
)


def row(question_id: str, is_right: bool, *, text: str = "", **told: object) -> Row:
    made = Row(
        question_id=question_id,
        question=f"What of {question_id}?",
        targets=("so",),
        answerable=True,
        text=text or ("so" if is_right else "not so"),
        refused=False,
        citations=(),
        scores={"correctness": float(is_right)},
        is_right=is_right,
        failure="" if is_right else "not-retrieved",
        unsupported=(),
        latency_ms=10.0,
        prompt_tokens=3,
        completion_tokens=2,
    )
    return replace(made, **told)  # type: ignore[arg-type]


def comparison(*arms: tuple[str, list[Row]], at: float = 1.0, **measured: object) -> Comparison:
    return compare(
        [build_report(arm, rows) for arm, rows in arms],
        id=f"c{at:g}",
        created_at=at,
        primary="contains",
        measured=replace(Measured(), **measured),  # type: ignore[arg-type]
    )


@pytest.fixture
def measured() -> Comparison:
    return comparison(
        ("rag", [row("q1", True), row("q2", False, failure="stale"), row("q3", False, tags=("leave",))]),
        ("hybrid", [row("q1", True), row("q2", True), row("q3", False, tags=("leave",))]),
    )


def ids(found: Comparison, selection: Selection) -> list[str]:
    return [question.question_id for question in select(questions_in(found), selection)]


def test_what_one_arm_knew_and_another_did_not(measured: Comparison) -> None:
    wanted = Selection(right=frozenset({"hybrid"}), wrong=frozenset({"rag"}))
    assert ids(measured, wanted) == ["q2"]


def test_a_failure_of_one_arm_is_not_that_of_another(measured: Comparison) -> None:
    assert ids(measured, Selection(failure="stale")) == ["q2"]
    assert ids(measured, Selection(failure="stale", failed="hybrid")) == []


def test_where_the_arms_disagree(measured: Comparison) -> None:
    assert ids(measured, Selection(is_disputed=True)) == ["q2"]


def test_a_tag_and_a_word_narrow_it_down_together(measured: Comparison) -> None:
    assert ids(measured, Selection(tag="leave")) == ["q3"]
    assert ids(measured, Selection(tag="leave", search="Q3")) == ["q3"]
    assert ids(measured, Selection(tag="leave", search="nothing like it")) == []


def test_an_arm_that_was_not_asked_was_not_right(measured: Comparison) -> None:
    assert ids(measured, Selection(right=frozenset({"tuned"}))) == []


def test_tags_are_read_under_their_usual_names() -> None:
    assert tags_of({"tags": ["leave", "pay"], "kind": "table", "level": 3}) == ("leave", "pay", "table")
    assert tags_of({"kind": {"no": "text"}}) == ()


def test_the_tag_of_most_questions_comes_first() -> None:
    rows = [row("q1", True, tags=("b",)), row("q2", True, tags=("b", "a"))]
    assert tags_in(questions_in(comparison(("rag", rows)))) == ("b", "a")


def test_the_same_questions_tell_what_was_mended_and_what_broke() -> None:
    then = comparison(("rag", [row("q1", True), row("q2", False)]), at=1.0, index_version="1")
    now = comparison(("rag", [row("q1", False), row("q2", True), row("q3", True)]), at=2.0, index_version="2")
    found = compare_two(now, then)
    (arm,) = found.arms
    assert (found.before.id, found.now.id) == ("c1", "c2")
    assert (arm.fixed, arm.broken) == (("q2",), ("q1",))
    difference = arm.difference("correctness")
    assert difference is not None
    assert difference.n == found.n_shared == 2


def test_everything_that_was_not_the_same_is_named() -> None:
    then = comparison(("rag", [row("q1", True)]), at=1.0, settings={"retrieval": {"n_kept": 1}})
    now = comparison(("rag", [row("q1", True)]), at=2.0, settings={"retrieval": {"n_kept": 3}}, model="m")
    told = {change.what: (change.before, change.now) for change in compare_two(then, now).changes}
    assert told == {"model": ("", "m"), "retrieval.n_kept": ("1", "3")}


def test_without_a_shared_question_no_difference_is_claimed() -> None:
    found = compare_two(
        comparison(("rag", [row("q1", True)]), at=1.0), comparison(("rag", [row("q2", True)]), at=2.0)
    )
    assert found.n_shared == 0
    assert found.arms[0].differences == ()
