"""OpenAI's files of preferences, as rows."""

import json

import pytest

from lorewright.errors import InvalidExamples
from lorewright.messages import Message
from lorewright.tuning import Preference
from lorewright.tuning.preference_rows import preference_rows

USER = {"role": "user", "content": "How many days?"}
GOOD, BAD = {"role": "assistant", "content": "28."}, {"role": "assistant", "content": "Many."}


def line(prompt: object, good: object, bad: object) -> str:
    return json.dumps({"input": prompt, "preferred_output": good, "non_preferred_output": bad})


FINE = line({"messages": [USER], "tools": []}, [GOOD], [BAD])


def test_a_line_is_a_prompt_with_two_answers() -> None:
    assert list(preference_rows([FINE])) == [
        Preference((Message("user", "How many days?"),), "28.", "Many."),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "How many days?", "chosen": "28.", "rejected": "Many."},
        {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]},
        {"chosen": [USER, GOOD], "rejected": [USER, BAD]},
    ],
)
def test_the_rows_of_trl_are_read_as_well(row: dict[str, object]) -> None:
    """Most preference data on the hub has one of these three shapes."""
    assert list(preference_rows([json.dumps(row)])) == list(preference_rows([FINE]))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "Row 2 is not valid JSON"),
        ('{"messages": []}', "Row 2 has no input"),
        (line({"messages": [USER, GOOD]}, [GOOD], [BAD]), "last message is not the user's"),
        (line({"messages": [USER]}, [GOOD], [GOOD]), "Row 2 has the same preferred and non-preferred answer"),
        (
            line({"messages": [USER]}, [GOOD, GOOD], [BAD]),
            "exactly one assistant message as preferred_output",
        ),
        (line({"messages": [USER]}, [GOOD], []), "Row 2 has no list of non_preferred_output"),
        (line({"messages": [USER], "tools": [{}]}, [GOOD], [BAD]), "Row 2 calls tools"),
        ('{"prompt": "a", "chosen": "b"}', "Row 2 needs both a chosen and a rejected answer"),
        ('{"chosen": "a", "rejected": "b"}', "last message is not the user's|no list of messages"),
        (json.dumps({"chosen": [USER, GOOD], "rejected": [BAD]}), "two answers to different prompts"),
        ('{"prompt": 3, "chosen": [3], "rejected": [4]}', "Row 2"),
    ],
)
def test_a_bad_row_is_named_by_its_number(bad: str, said: str) -> None:
    with pytest.raises(InvalidExamples, match=said):
        list(preference_rows([FINE, bad]))
