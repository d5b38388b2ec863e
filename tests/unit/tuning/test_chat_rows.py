"""OpenAI's files for fine-tuning, as rows."""

import json
from collections.abc import Mapping

import pytest

from lorewright.errors import InvalidExamples
from lorewright.messages import Message
from lorewright.tuning.chat_rows import chat_rows, left_out

USER = {"role": "user", "content": "How many days?"}
DESK = {"role": "assistant", "content": "28."}


def line(*turns: Mapping[str, object]) -> str:
    return json.dumps({"messages": turns})


def test_every_turn_of_the_assistant_is_learned_in_its_place() -> None:
    rows = list(chat_rows([line(USER, DESK, USER, {"role": "assistant", "content": "As I said."})]))
    assert [row.completion for row in rows] == ["28.", "As I said."]
    assert [len(row.messages) for row in rows] == [1, 3]


def test_turns_of_weight_0_are_only_read() -> None:
    rows = list(chat_rows([line(USER, {**DESK, "weight": 0}, USER, DESK)]))
    assert [len(row.messages) for row in rows] == [3]


def test_developers_and_texts_in_parts_are_understood() -> None:
    developer = {
        "role": "developer",
        "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}],
    }
    (row,) = chat_rows([line(developer, USER, DESK)])
    assert row.messages[0] == Message("system", "Be brief.")


def test_what_is_not_learned_is_told() -> None:
    named = {**USER, "name": "Ada"}
    told = list(left_out([line(named, {**DESK, "weight": 0}, USER, DESK, USER)]))
    assert told == [
        "Assistant messages with weight 0 (read but not learned): 1.",
        "Rows whose last message is not the assistant's (that message is not used): 1.",
        "Not used: messages.name (x1).",
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "Row 2 is not valid JSON"),
        ("[" * 100_000, "Row 2 is not valid JSON: nested too deeply"),
        ("[]", "Row 2 is not a JSON object"),
        ("{}", "Row 2 has no list of messages"),
        (line(USER, {**DESK, "weight": 0.5}), "Row 2 has weight 0.5"),
        (line(USER), "Row 2 has no assistant message to learn"),
        (line(DESK), "before any user message"),
        (line(USER, {"role": "assistant", "content": " "}), "Row 2 has an empty assistant message"),
        (line(USER, {"role": "wizard", "content": "x"}, DESK), "Row 2: A message has role 'wizard'"),
        (line(USER, {"role": "assistant", "tool_calls": [{}]}), "Row 2 calls tools"),
    ],
)
def test_a_bad_row_is_named_by_its_number(bad: str, said: str) -> None:
    with pytest.raises(InvalidExamples, match=said):
        list(chat_rows([line(USER, DESK), bad]))
