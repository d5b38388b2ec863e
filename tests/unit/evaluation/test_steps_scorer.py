"""How an agent got to its answer, as questions may ask for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from tests.fixtures.agent_flow import PAGES, answer_to

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.steps import score
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.flows.answer_trace import files_of, trace_of
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Message
from lorewright.models import Stopped, never
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


class CallingEngine(ScriptedEngine):
    """Makes calls one after the other, each an answer of ten tokens in and five out; then says a text."""

    def __init__(self, *calls: tuple[str, Mapping[str, Any]]) -> None:
        super().__init__({})
        self._calls = calls

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        """Yield the next call, or the text."""
        n_made = sum(turn["role"] == "assistant" for turn in request["messages"])
        delta: dict[str, Any] = {"content": "Every employee has 28 days of leave a year [1]."}
        if n_made < len(self._calls):
            name, arguments = self._calls[n_made]
            function = {"name": name, "arguments": json.dumps(arguments)}
            delta = {
                "tool_calls": [{"index": 0, "id": f"c{n_made}", "type": "function", "function": function}]
            }
        yield {"choices": [{"index": 0, "delta": delta, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}


def written(path: str, text: str) -> tuple[str, Mapping[str, Any]]:
    """Return the call that writes a file."""
    return "write_file", {"path": path, "text": text}


@cache
def writing() -> Answer:
    """Return an answer for which a file was written twice; 60 tokens and 60 millionths of a dollar."""
    calls: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("search", {"query": "leave"}), written("./summary.md", "A draft."),
        written("summary.md", "There are\n28 DAYS of leave."),
    )  # fmt: skip
    answer: Answer = answer_to("Write down the leave.", GivenParts({"": CallingEngine(*calls)}, PAGES))
    return answer


@pytest.mark.parametrize(
    ("files", "is_right"),
    [
        ({"summary.md": "28 days"}, True),
        ({"summary.md": ["28 days", "leave"]}, True),
        ({"summary.md": ""}, True),
        ({"summary.md": "28 days", "draft.md": None}, True),
        ({"summary.md": "A draft."}, False),
        ({"summary.md": ["28 days", "30 days"]}, False),
        ({"summary.md": None}, False),
        ({"report.md": ""}, False),
        ({}, True),
    ],
)
def test_a_question_can_say_what_files_are_to_be_left(files: dict[str, Any], is_right: bool) -> None:
    """What was written over does not count, and a file that must not be there does."""
    assert score(question(checks={"files": files}), writing(), ScoringContext()) == {
        "files_right": float(is_right)
    }


@pytest.mark.parametrize(
    ("checks", "is_right"),
    [
        ({"most_tokens": 60}, True),
        ({"most_tokens": 59}, False),
        ({"most_usd": 0.00006}, True),
        ({"most_usd": 0.00005}, False),
        ({"most_tokens": 60, "most_usd": 0.00005}, False),
    ],
)
def test_a_question_can_say_what_its_answer_may_cost(checks: dict[str, Any], is_right: bool) -> None:
    """A right answer that costs a hundred steps is no use to anybody."""
    assert score(question(checks=checks), writing(), ScoringContext()) == {"cost_right": float(is_right)}


def test_the_files_of_an_answer_are_its_own_and_stand_in_its_trace() -> None:
    """The next answer must not find what the last one wrote; whoever reads the trace must."""
    text = "There are\n28 DAYS of leave."
    assert trace_of(writing())["files"] == [
        {"node": "agent", "path": "summary.md", "size_bytes": len(text), "text": text}
    ]
    looking = CallingEngine(("list_files", {}), ("read_file", {"path": "summary.md"}))
    next_answer = answer_to("What is written down?", GivenParts({"": looking}, PAGES))

    said = [
        step.get("output") or step["error"] for step in next_answer.trace["agent"]["steps"] if "call" in step
    ]
    assert said == ["There are no files yet.", "There is no file 'summary.md'. Files: none."]
    assert files_of(next_answer) == []


def test_an_agent_that_calls_nothing_does_not_pass_by_that() -> None:
    """Answered from memory, a task that asks for a calculation is not solved: it counts, as wrong."""
    answer = answer_to("How much is it?", GivenParts({"": CallingEngine()}, PAGES))

    assert score(question(checks={"tools": ["calculate"], "most_steps": 3}), answer, ScoringContext()) == {
        "tools_right": 0.0, "steps_right": 1.0,
    }  # fmt: skip


def test_fixed_steps_leave_no_files() -> None:
    """Where no model decides, a task of writing is not solved, and the score says so."""
    answer = answer_to(ASKED, GivenParts({"": ScriptedEngine({})}, PAGES), mode="plan")

    checks = {"files": {"summary.md": "270"}, "most_usd": 0.01}
    assert score(question(checks=checks), answer, ScoringContext()) == {"files_right": 0.0, "cost_right": 1.0}
