"""Rated answers, as other libraries write them."""

import json

import pytest

from lorewright.errors import InvalidExamples
from lorewright.messages import Message
from lorewright.tuning import RatedRow
from lorewright.tuning.preference_rows import preference_rows
from lorewright.tuning.rated_rows import need_both_sides, rated_lines, rated_rows

ASKED = (Message("user", "How many days?"),)
USER, ANSWER = {"role": "user", "content": "How many days?"}, {"role": "assistant", "content": "28."}
GOOD = RatedRow(ASKED, "28.", is_good=True)
BAD = RatedRow(ASKED, "Many.", is_good=False)


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "How many days?", "completion": "28.", "label": True},
        {"prompt": [USER], "completion": [ANSWER], "label": True},
        {"messages": [USER, ANSWER], "label": True},
    ],
)
def test_a_rated_answer_is_read_in_each_of_its_shapes(row: dict[str, object]) -> None:
    assert list(rated_rows([json.dumps(row)])) == [GOOD]


def test_a_pair_is_a_good_answer_and_a_bad_one() -> None:
    """Whoever has pairs need not write them anew."""
    pair = {"prompt": "How many days?", "chosen": "28.", "rejected": "Many."}
    assert list(rated_rows([json.dumps(pair)])) == [GOOD, BAD]


def test_what_is_written_is_read_back() -> None:
    assert list(rated_rows(rated_lines([GOOD, BAD]).splitlines())) == [GOOD, BAD]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"prompt": "a", "completion": "b", "label": "good"}, "Row 2 has label 'good'"),
        ({"prompt": "a", "label": True}, "Row 2 does not end with an answer"),
        ({"prompt": "a", "completion": " ", "label": True}, "Row 2 does not end with an answer"),
        ({"completion": "b", "label": True}, "Row 2 has no user message before its answer"),
        ({"prompt": 3, "completion": 4, "label": False}, "Row 2 has no list of messages"),
        ({"prompt": "a", "completion": "b"}, "Row 2 has no input"),
    ],
)
def test_a_row_that_is_no_rating_is_named(row: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidExamples, match=said):
        list(rated_rows(["", json.dumps(row)]))


def test_labels_are_not_taken_for_pairs() -> None:
    """A file for kto given to dpo failed with a hint about another field."""
    row = json.dumps({"prompt": "a", "completion": "b", "label": True})
    with pytest.raises(InvalidExamples, match="Row 1 has one answer with a label") as told:
        list(preference_rows([row]))
    assert 'the method "kto"' in told.value.hint


def test_answers_of_one_kind_teach_nothing() -> None:
    need_both_sides([GOOD, BAD])
    with pytest.raises(InvalidExamples, match="All 2 rated answers are good") as told:
        need_both_sides([GOOD, GOOD])
    assert "needs bad answers" in told.value.hint
