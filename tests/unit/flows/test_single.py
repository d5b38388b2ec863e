"""One node runs by itself on values that are given as JSON."""

import pytest
from tests.fixtures.drawn_flows import drawn

from lorewright.errors import InvalidFlow
from lorewright.flows import Node, Style, arms
from lorewright.flows.fakes import GivenParts
from lorewright.flows.single import run_node
from lorewright.models.fakes import ScriptedEngine

ASKED = [{"role": "user", "content": "How long is parental leave?"}]
HITS = [{"text": "Parental leave is 14 months.", "document_id": "leave.md"}, {"text": "Parking is free."}]
PARTS = GivenParts(
    {"": ScriptedEngine(lambda _: "14 months.")}, flows=arms(Style(instruction="", refusal="No."))
)


def test_the_kinds_of_the_palette_run_alone() -> None:
    rerank = run_node(Node("n", "rerank", {"n_kept": 1}), {"conversation": ASKED, "hits": HITS}, PARTS)
    kept = run_node(Node("n", "filter", {"documents": ["leave.*"]}), {"hits": HITS}, PARTS)
    routed = run_node(Node("n", "route", {"rule": "length"}), {"conversation": ASKED}, PARTS)
    rewritten = run_node(Node("n", "rewrite", {"mode": "hyde"}), {"conversation": ASKED}, PARTS)
    called = run_node(Node("n", "subflow", {"flow": "base"}), {"conversation": ASKED}, PARTS)

    assert [hit["document_id"] for hit in rerank.outputs["hits"]] == ["leave.md"]
    assert len(kept.outputs["hits"]) == 1
    assert routed.outputs == {"second": ASKED}
    assert rewritten.outputs["conversation"][0]["content"].endswith("?\n14 months.")
    assert called.outputs["draft"]["text"] == "14 months."
    assert called.made_by["model"] == "scripted"


def test_a_merge_takes_what_one_branch_gives() -> None:
    made = run_node(Node("n", "merge"), {"second": {"text": "28 days."}}, PARTS)

    assert made.outputs["draft"]["text"] == "28 days."
    with pytest.raises(InvalidFlow, match=r"No value for n\.first"):
        run_node(Node("n", "merge"), {}, PARTS)


def test_a_draft_comes_with_the_citations_that_another_node_found() -> None:
    ground = {"conversation": ASKED, "draft": {"text": "Parental leave is 14 months [1]."}, "hits": HITS}
    grounded = run_node(Node("n", "ground", {"policy": "off"}), ground, PARTS).outputs["draft"]

    checked = run_node(Node("n", "check", {"must_cite": True}), {"draft": grounded}, PARTS).outputs["draft"]

    assert checked["citations"] == grounded["citations"] != []


def test_a_node_that_needs_a_port_for_its_parameters_says_so() -> None:
    node = Node("n", "check", {"on_failure": "regenerate"})

    with pytest.raises(InvalidFlow, match=r"n\.messages"):
        run_node(node, {"draft": {"text": "28 days."}}, PARTS)


def test_a_call_that_comes_back_is_refused_here_too() -> None:
    nodes = {"call": ("subflow", {"flow": "a"})}
    edges = ("question.conversation > call.conversation", "call.draft > answer.draft")
    parts = GivenParts({}, flows={"a": drawn(nodes, *edges, name="a")})

    with pytest.raises(InvalidFlow, match="a → a"):
        run_node(Node("n", "subflow", {"flow": "a"}), {"conversation": ASKED}, parts)
