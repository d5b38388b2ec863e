"""Which answers are labels of a closed set."""

import json
from collections.abc import Sequence

import pytest

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import closed_answers
from lorewright.messages import Message


def examples_of(answers: Sequence[str]) -> list[Example]:
    return [
        Example(f"e{number}", (Message("user", f"Question {number}?"),), answer)
        for number, answer in enumerate(answers)
    ]


def test_labels_that_differ_by_case_and_spacing_are_one() -> None:
    """Whoever writes labels by hand writes them in several ways."""
    closed = closed_answers(examples_of(["Refund", "refund", " Refund ", "Delay"] * 6)).answers
    assert closed is not None
    assert closed.fields[0].values == ("Refund", "Delay")
    assert closed.merged == (("Refund", "refund"),)
    assert closed.text_of({"": "refund"}) == "Refund"


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["refund", "delay", "other"], "too few examples to tell"),
        (["refund"] * 30, "All examples have the same answer, 'refund'"),
        (["refund", "delay", "other"] * 4, "12 examples with 3 short answers are too few to take these for"),
        ([f"reason {n % 12}" for n in range(24)], 'method = "classifier" under [tuning] does'),
        ([f"It arrives on the {number}th of May." for number in range(30)], "free text"),
        (['{"kind": "refund"}'] * 30, "All examples have the same answer"),
        (
            [json.dumps({"kind": "ab"[n % 2], "why": f"reason {n}", "id": n}) for n in range(30)],
            "free values, not labels: why, id",
        ),
    ],
)
def test_why_answers_are_no_labels_is_said(answers: Sequence[str], reason: str) -> None:
    closed = closed_answers(examples_of(answers))
    assert closed.answers is None
    assert reason in closed.why_not


def test_json_with_closed_fields_is_written_as_the_examples_write_it() -> None:
    rows = [
        json.dumps({"kind": "ab"[n % 2], "urgent": n % 3 == 0, "v": 1}, separators=(",", ":"))
        for n in range(30)
    ]
    closed = closed_answers(examples_of(rows)).answers
    assert closed is not None
    assert [field.name for field in closed.chosen] == ["kind", "urgent"]
    assert closed.keys_in('{"urgent": true, "kind": "B", "v": 1}') == {
        "kind": "b",
        "urgent": "true",
        "v": "1",
    }
    assert closed.text_of({"kind": "b", "urgent": "true"}) == '{"kind":"b","urgent":true,"v":1}'


def test_a_label_for_what_is_none_of_them_is_known_by_its_name() -> None:
    closed = closed_answers(examples_of(["refund", "delay", "out_of_scope"] * 10)).answers
    assert closed is not None
    assert closed.fields[0].unknown == "out_of_scope"


def test_refusals_are_no_labels() -> None:
    """They are long, and one more of them must not turn labels into free text."""
    refused = Example("r", (Message("user", "?"),), "I cannot answer that question here.", answerable=False)
    closed = closed_answers([*examples_of(["refund", "delay"] * 10), *[refused] * 10]).answers
    assert closed is not None
    assert closed.fields[0].values == ("refund", "delay")


def test_one_example_of_each_label_is_enough_where_a_classifier_is_asked_for() -> None:
    few = examples_of([f"label {letter}" for letter in "abcdef"])
    assert closed_answers(few).answers is None
    forced = closed_answers(few, is_forced=True).answers
    assert forced is not None
    assert len(forced.fields[0].values) == 6
