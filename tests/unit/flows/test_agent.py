"""The node that lets an agent work."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from tests.fixtures.agent_flow import PAGES, answer_to

from lorewright.agents.packed_turns import whole_spans
from lorewright.errors import Transient, UnknownName
from lorewright.flows.answer_trace import trace_of
from lorewright.flows.fakes import GivenParts
from lorewright.models import Stopped, never
from lorewright.models.fakes import ScriptedEngine
from lorewright.tools import Result, Tool
from lorewright.tools.fakes import GivenTools


class CallingEngine(ScriptedEngine):
    """An engine that calls a tool of a server once, then says what it learned."""

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        """Yield a call, or after its result a text."""
        is_told = any(turn["role"] == "tool" for turn in request["messages"])
        call = {"index": 0, "id": "c", "type": "function",
                "function": {"name": "desk__find", "arguments": '{"query": "hotel"}'}}  # fmt: skip
        delta = {"content": "A hotel may cost 120 euros [1]."} if is_told else {"tool_calls": [call]}
        yield {"choices": [{"index": 0, "delta": delta, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}


def test_fixed_steps_compute_what_stands_in_no_passage() -> None:
    """One retrieval finds both values, but nobody wrote their difference down."""
    parts = GivenParts({"": ScriptedEngine({})}, PAGES)

    answer = answer_to("What is the difference in revenue between 2018 and 2019?", parts, mode="plan")

    assert answer.text == "270"
    assert answer.citations[0].quote == "1250 - 980 = 270"
    assert answer.usage.prompt_tokens == 0


def test_two_questions_are_answered_from_two_places() -> None:
    """What a single search mixes up is looked up one by one."""
    parts = GivenParts({"": ScriptedEngine({})}, PAGES)

    answer = answer_to("How many days of leave a year are there? What was the revenue?", parts, mode="plan")

    assert {citation.document_id for citation in answer.citations} == {"leave.md", "report.md"}


@pytest.mark.parametrize(
    "question", ["Who is the president of Peru?", "What is the average height of mountains in Peru?"]
)
def test_what_is_nowhere_is_refused(question: str) -> None:
    """An agent that found nothing says nothing, and cites nothing, whatever it searched through."""
    parts = GivenParts({"": ScriptedEngine({})}, PAGES)

    answer = answer_to(question, parts, mode="plan", refusal="Not in our pages.")

    assert (answer.text, answer.refused, answer.citations) == ("Not in our pages.", True, ())


def test_a_model_decides_and_calls_the_servers_that_the_node_names() -> None:
    """Its tokens count, and its steps stand in the trace of the answer."""

    def find(query: str) -> Result:
        return Result(f"A {query} may cost 120 euros.")

    tools = GivenTools({"desk": {"find": find}})
    parts = GivenParts({"": CallingEngine({})}, PAGES, tools=tools)

    answer = answer_to("What may a hotel cost?", parts, servers=["desk"])

    assert answer.text == "A hotel may cost 120 euros."
    assert answer.usage.prompt_tokens == 20
    assert "desk__find" in str(answer.trace["agent"])


def test_the_steps_of_an_agent_stand_in_the_trace_of_its_answer() -> None:
    """Whoever doubts an answer reads what was called for it, wherever it was given."""
    parts = GivenParts({"": ScriptedEngine({})}, PAGES)
    answer = answer_to("How many days of leave are there?", parts, mode="plan")

    calls = trace_of(answer)["calls"]
    assert {call["tool"] for call in calls} >= {"ask"}
    assert {call["server"] for call in calls} == {"agent"}
    assert calls[-1]["text"].startswith("Answer of quote: ")


def test_what_a_model_was_asked_stands_in_the_trace_with_its_price() -> None:
    """Time, tokens, money and the prompt as it was sent: as for a run of an agent by itself."""

    def find(query: str) -> Result:
        return Result(f"A {query} may cost 120 euros.")

    parts = GivenParts({"": CallingEngine({})}, PAGES, tools=GivenTools({"desk": {"find": find}}))
    answer = answer_to("What may a hotel cost?", parts, servers=["desk"])

    spans = whole_spans(trace_of(answer)["spans"])
    assert [(span["node"], span["tokens_in"], span["tokens_out"]) for span in spans] == [("agent", 10, 5)] * 2
    assert [span["usd"] for span in spans] == [15 / 1e6] * 2
    assert spans[0]["calls"] == [{"tool": "desk__find", "arguments": '{"query": "hotel"}'}]
    assert [turn["role"] for turn in spans[1]["messages"]] == ["system", "user", "assistant", "tool"]
    assert "120 euros" in spans[1]["messages"][-1]["content"]
    assert "desk__find" in {tool["function"]["name"] for tool in spans[1]["tools"]}


def test_fixed_steps_have_no_prompt_in_the_trace() -> None:
    """No model was asked."""
    parts = GivenParts({"": ScriptedEngine({})}, PAGES)

    assert "spans" not in trace_of(answer_to("How many days of leave are there?", parts, mode="plan"))


class DownTools(GivenTools):
    """Servers of which one is down from the beginning."""

    def listed(self, server: str) -> Sequence[Tool]:
        """Return the tools of the others."""
        if server == "down":
            raise Transient("The tool server 'down' cannot be reached.")
        return super().listed(server)


def test_servers_that_are_down_or_die_do_not_take_the_answer_with_them() -> None:
    """One is left out, the other's call fails: the trace says both, and what was found is told."""

    def find(query: str) -> Result:  # noqa: ARG001
        raise Transient("The tool 'find' of 'desk' ended before it answered.")

    parts = GivenParts({"": CallingEngine({})}, PAGES, tools=DownTools({"desk": {"find": find}}))
    trace = trace_of(answer_to("What may a hotel cost?", parts, servers=["down", "desk"]))

    assert trace["missing"] == [
        {"node": "agent", "server": "down", "error": "The tool server 'down' cannot be reached."}
    ]
    assert [(call["tool"], call["error"]) for call in trace["calls"]] == [
        ("desk__find", "The tool 'find' of 'desk' ended before it answered.")
    ]
    told = whole_spans(trace["spans"])[1]["messages"][-1]
    assert "ended before it answered" in told["content"]


def test_a_server_that_nobody_set_up_is_no_flow() -> None:
    """A misspelt name must not become an agent without tools that nobody notices."""
    with pytest.raises(UnknownName, match="No tool server named 'dekc'"):
        answer_to("Hotel?", GivenParts({"": CallingEngine({})}, PAGES), servers=["dekc"])
