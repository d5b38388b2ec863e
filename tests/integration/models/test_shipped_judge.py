"""The judge that ships, for real: its file, its tokenizer and its verdicts."""

import pytest

from lorewright.knowledge.verdict import judge_answer
from lorewright.models import Judge, open_judge

TEXTS = [
    "Leave lasts 30 days for office staff and 35 days for night staff. Requests go to Ada Byron in Leeds.",
    "Travel is booked by Max Weber. Flights need the consent of the director, except for trips above 800 km.",
]


@pytest.fixture(scope="module")
def judge() -> Judge:
    """The shipped judge, checked and opened once."""
    return open_judge()


def test_it_tells_a_wrong_number_a_wrong_name_and_a_negation(judge: Judge) -> None:
    """What no word count sees must be seen, and the words at fault named."""
    answer = (
        "Office staff get 28 days of leave. Requests go to Max Weber in the Leeds office. "
        "Flights do not need the consent of the director."
    )

    told = judge_answer(answer, TEXTS, judge).sentences

    assert [verdict.state for verdict in told] == ["contradicted"] * 3
    doubted = [answer[start:end] for verdict in told for start, end in verdict.doubted]
    assert doubted == ["28", "Max Weber", "do not"]


def test_it_bears_what_is_said_in_other_words(judge: Judge) -> None:
    """A judge that only bears copies would mark every answer."""
    told = judge_answer(
        "Office staff get 30 days of leave. Night staff have 35 days off.", TEXTS, judge
    ).sentences

    assert [verdict.state for verdict in told] == ["supported", "supported"]


def test_the_text_with_the_answer_is_worth_more_and_the_answer_is_found(judge: Judge) -> None:
    """The order of hits and the place of a citation go by it."""
    leave, travel = judge.read("How many days of leave do night staff get?", TEXTS)

    assert leave.relevance > 0.5 > travel.relevance
    assert leave.answer is not None
    assert "35" in TEXTS[0][slice(*leave.answer)]


def test_a_pair_is_judged_alike_alone_and_in_company(judge: Judge) -> None:
    """Activations are quantised by their range: a batch would change the verdict."""
    claims = [("Office staff get 30 days.", TEXTS[0]), ("Travel is booked by nobody.", TEXTS[1])]

    alone = open_judge()  # the other keeps what it has read
    assert judge.support(claims) == [alone.support([claim])[0] for claim in claims]
