"""A flow calls another by its name; a circle is refused with its path."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.fixtures.drawn_flows import asking, drawn

from lorewright.errors import InvalidFlow
from lorewright.flows import Flow, Style, adapters_of, arms, check, flow_hash, inlined, retrieves, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Conversation
from lorewright.models.fakes import ScriptedEngine

RIGHT = "Node.js 22 gets fixes until 30 Apr 2027 [1]."
ARMS = arms(Style(instruction="", refusal="I do not know."))


def calling(flow: str, name: str = "desk") -> Flow:
    return drawn(
        {"call": ("subflow", {"flow": flow})},
        "question.conversation > call.conversation",
        "call.draft > answer.draft",
        name=name,
    )


@pytest.fixture
def parts(retriever: PlainRetriever) -> Callable[..., GivenParts]:
    def given(*flows: Flow) -> GivenParts:
        known = {**ARMS, **{flow.name: flow for flow in flows}}
        return GivenParts({"": ScriptedEngine(lambda _: RIGHT)}, retriever, flows=known)

    return given


def test_another_flow_answers_with_its_citations(
    parts: Callable[..., GivenParts], asked: Conversation
) -> None:
    answer = run(calling("rag"), asked, parts())

    assert (answer.arm, answer.text) == ("desk", "Node.js 22 gets fixes until 30 Apr 2027.")
    assert len(answer.citations) == 1
    assert answer.provenance.index_version
    assert list(answer.trace) == ["question", "call", "answer"]


def test_what_is_drawn_as_one_flow_answers_the_same(
    parts: Callable[..., GivenParts], asked: Conversation
) -> None:
    nested, whole = calling("outer", "top"), parts(calling("rag", "outer"))
    flat = inlined(nested, whole.flow)

    check(flat)
    assert [node.id for node in flat.nodes][1] == "call/call/retrieve"
    assert (retrieves(nested), retrieves(flat), adapters_of(flat)) == (False, True, ["reader"])
    assert run(flat, asked, whole).citations == run(nested, asked, whole).citations
    assert flow_hash(flat) != flow_hash(inlined(calling("base", "top"), whole.flow))


def test_a_flow_that_is_called_gets_the_conversation_that_reaches_it() -> None:
    flow = drawn(
        {"rewrite": ("rewrite", {"mode": "hyde"}), "call": ("subflow", {"flow": "base"})},
        "question.conversation > rewrite.conversation",
        "rewrite.conversation > call.conversation",
        "call.draft > answer.draft",
    )
    engine = ScriptedEngine(lambda messages: f"heard {messages[-1].content}")

    answer = run(flow, asking("Hm?"), GivenParts({"": engine}, flows=ARMS))

    assert answer.text.startswith("heard Hm?\nheard Hm?")


def test_a_circle_is_refused_with_its_path(parts: Callable[..., GivenParts], asked: Conversation) -> None:
    circle = parts(calling("b", "a"), calling("c", "b"), calling("a", "c"))

    with pytest.raises(InvalidFlow, match="a → b → c → a"):
        run(calling("b", "a"), asked, circle)
    with pytest.raises(InvalidFlow, match="desk → desk"):
        run(calling("desk"), asked, circle)


def test_calls_have_a_limited_depth(parts: Callable[..., GivenParts], asked: Conversation) -> None:
    deep = [calling(f"d{depth + 1}", f"d{depth}") for depth in range(8)]

    with pytest.raises(InvalidFlow, match="6 deep: d0 → d1"):
        run(deep[0], asked, parts(*deep))


def test_a_missing_or_broken_flow_is_named_before_anything_runs(
    parts: Callable[..., GivenParts], asked: Conversation
) -> None:
    broken = replace(ARMS["rag"], name="broken", edges=ARMS["rag"].edges[1:])

    with pytest.raises(InvalidFlow, match="'call' calls a flow that does not exist: No flow named 'none'"):
        run(calling("none"), asked, parts())
    with pytest.raises(InvalidFlow, match=r"'broken', which cannot run: Nothing is connected to prompt\."):
        run(calling("broken"), asked, parts(broken))
    with pytest.raises(InvalidFlow, match="names no flow"):
        run(calling(" "), asked, parts())


def test_a_call_shows_the_nodes_of_what_it_called(
    parts: Callable[..., GivenParts], asked: Conversation
) -> None:
    """Who looks for the fault of an answer must not stop at the door of a called flow."""
    outer = calling("rag", "outer")

    trace = run(calling("outer", "top"), asked, parts(outer)).trace

    (inner,) = [node for node in trace["call"]["nodes"] if node["kind"] == "subflow"]
    nodes = {node["id"]: node for node in inner["outputs"]["nodes"]}
    assert list(nodes) == ["question", "retrieve", "prompt", "generate", "ground", "answer"]
    assert nodes["retrieve"]["outputs"]["hits"][0]["document_id"]
    assert nodes["generate"]["outputs"]["draft"]["text"] == RIGHT
    assert all(node["time_ms"] > 0 for node in nodes.values())
