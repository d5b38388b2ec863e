"""A row of a held-out question changed where its fields stand."""

from dataclasses import replace
from typing import Any

import pytest

from lorewright.errors import InvalidExamples
from lorewright.evaluation.question_edit import QuestionEdit, edited_question

EDIT = QuestionEdit(question="Now?", targets=("b",), stale_targets=(), document_ids=(), answerable=True)


@pytest.mark.parametrize(
    ("row", "new"),
    [
        ({"query": "Then?", "answer": "a"}, {"query": "Now?", "answer": "b"}),
        ({"question": "Then?", "answers": ["a", "c"]}, {"question": "Now?", "answers": ["b"]}),
        (
            {"question": "Then?", "meta": {"target": "a", "level": 1}},
            {"question": "Now?", "meta": {"target": "b", "level": 1}},
        ),
        (
            {"messages": [{"role": "user", "content": "Then?"}, {"role": "assistant", "content": "a"}]},
            {"messages": [{"role": "user", "content": "Now?"}, {"role": "assistant", "content": "b"}]},
        ),
        ({"question": "Then?", "answers": '["a", "c"]'}, {"question": "Now?", "answers": "b"}),
    ],
)
def test_a_field_is_written_where_it_stands(row: dict[str, Any], new: dict[str, Any]) -> None:
    assert edited_question(row, EDIT) == new


def test_what_is_the_same_is_not_written() -> None:
    row = {"question": "Now?", "answer": "b", "tag": 1}
    assert edited_question(row, EDIT) == row


def test_two_answers_take_the_place_of_a_said_one() -> None:
    row = {"messages": [{"role": "user", "content": "Now?"}, {"role": "assistant", "content": "a"}]}
    edited = edited_question(row, replace(EDIT, targets=("b", "c")))
    assert edited == {"messages": [{"role": "user", "content": "Now?"}], "targets": ["b", "c"]}


def test_a_question_that_has_an_answer_needs_one() -> None:
    with pytest.raises(InvalidExamples, match="has no answer"):
        edited_question({"question": "Now?", "answer": "b"}, replace(EDIT, targets=()))


def test_an_unanswerable_question_needs_none() -> None:
    row = {"question": "Now?", "answer": "b"}
    edited = edited_question(row, replace(EDIT, targets=(), answerable=False))
    assert edited == {"question": "Now?", "answer": "", "answerable": False}
