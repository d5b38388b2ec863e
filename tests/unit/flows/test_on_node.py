"""Who listens hears of every node while a flow runs."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lorewright.errors import NoDocuments
from lorewright.flows import NodeState, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Conversation, Message
from lorewright.models.fakes import ScriptedEngine

FLOWS = arms(Style(instruction="", refusal="I do not know."))


class Heard:
    """Notes what it hears."""

    def __init__(self) -> None:
        self.states: dict[str, list[NodeState]] = {}
        self.last: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def __call__(self, node_id: str, state: NodeState, ms: float, trace: Mapping[str, Any]) -> None:
        """Note one state."""
        self.states.setdefault(node_id, []).append(state)
        self.last[node_id] = (ms, trace)


def test_every_node_waits_runs_and_is_done_with_its_time_and_trace(
    parts_saying: Callable[[str], GivenParts], asked: Conversation
) -> None:
    heard = Heard()

    answer = run(FLOWS["rag"], asked, parts_saying("Until 30 Apr 2027."), on_node=heard)

    assert list(heard.states) == [node.id for node in FLOWS["rag"].nodes]
    assert heard.states["answer"] == ["waiting", "running", "waiting", "running", "done"]
    assert heard.states["question"] == ["waiting", "running", "done"]
    assert heard.last == {
        node.id: (answer.timings_ms[node.id], answer.trace[node.id]) for node in FLOWS["rag"].nodes
    }


def test_what_is_not_needed_is_skipped(parts_saying: Callable[[str], GivenParts]) -> None:
    heard = Heard()

    run(FLOWS["rag"], (Message("user", "Who won?"),), parts_saying("Nobody."), on_node=heard)

    assert heard.states["generate"] == ["waiting", "skipped"]
    assert heard.states["ground"][-1] == "done"


def test_the_node_that_fails_is_told_from_those_that_waited_for_it(asked: Conversation) -> None:
    heard = Heard()

    with pytest.raises(NoDocuments):
        run(FLOWS["rag"], asked, GivenParts({"": ScriptedEngine({})}), on_node=heard)

    last = {node_id: states[-1] for node_id, states in heard.states.items()}
    assert last == {
        "question": "done", "retrieve": "failed", "prompt": "skipped", "generate": "skipped",
        "ground": "skipped", "answer": "skipped",
    }  # fmt: skip
