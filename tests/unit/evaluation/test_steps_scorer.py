"""How an agent got to its answer, as questions may ask for."""

from typing import Any

import pytest
from tests.fixtures.agent_flow import PAGES, answer_to

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.steps import score
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine

ASKED = "What is the difference in revenue between 2018 and 2019?"


def question(**metadata: Any) -> Question:
    """Return a question with metadata."""
    return Question("q1", (Message("user", ASKED),), ("270",), metadata=metadata)


@pytest.mark.parametrize(
    ("checks", "scores"),
    [
        ({"tools": ["calculate"]}, {"tools_right": 1.0}),
        ({"tools": ["days_between"]}, {"tools_right": 0.0}),
        ({"without": ["calculate"]}, {"tools_right": 0.0}),
        ({"tools": ["search"], "without": ["days_between"], "most_steps": 20},
         {"tools_right": 1.0, "steps_right": 1.0}),
        ({"most_steps": 1}, {"steps_right": 0.0}),
        ({"tools": 1, "most_steps": "few"}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_a_question_can_say_how_it_is_to_be_solved(checks: dict[str, Any], scores: dict[str, float]) -> None:
    """A right number that was guessed is no solved task."""
    answer = answer_to(ASKED, GivenParts({"": ScriptedEngine({})}, PAGES), mode="plan")

    assert score(question(checks=checks), answer, ScoringContext()) == scores


def test_a_question_without_checks_is_not_scored_by_them() -> None:
    """Most questions ask for an answer and nothing else."""
    answer = answer_to(ASKED, GivenParts({"": ScriptedEngine({})}, PAGES), mode="plan")

    assert score(question(), answer, ScoringContext()) == {}
    assert score(question(checks="all"), answer, ScoringContext()) == {}
