"""Flows are values: saved as JSON, and told apart by what they do."""

import json
from dataclasses import replace

import pytest

from lorewright.datasets import Example
from lorewright.errors import InvalidFlow
from lorewright.flows import Node, Style, arms, flow_from_json, flow_hash, flow_to_json
from lorewright.messages import Message

SHOT = Example("1", (Message("user", "Hi?"),), "Hello.")
RAG = arms(Style(instruction="Be brief.", refusal="No idea.", few_shot=(SHOT,)))["rag-few-shot"]


def test_a_flow_comes_back_from_its_json() -> None:
    assert flow_from_json(json.loads(json.dumps(flow_to_json(RAG)))) == RAG


def test_the_same_flow_has_the_same_hash_whatever_it_is_called() -> None:
    reordered = replace(RAG, name="rag-2", nodes=RAG.nodes[::-1], edges=RAG.edges[::-1])

    assert flow_hash(reordered) == flow_hash(RAG)


def test_a_left_out_default_does_not_change_the_hash() -> None:
    spelled = tuple(
        Node(node.id, node.kind, {**node.params, "temperature": 0}) if node.kind == "generate" else node
        for node in RAG.nodes
    )

    assert flow_hash(replace(RAG, nodes=spelled)) == flow_hash(RAG)


def test_another_parameter_gives_another_hash() -> None:
    """Answers are kept by this hash: a changed flow must never show old ones."""
    style = Style(instruction="Be kind.", refusal="No idea.", few_shot=(SHOT,))

    assert flow_hash(arms(style)["rag-few-shot"]) != flow_hash(RAG)


def test_arms_that_differ_have_different_hashes() -> None:
    flows = arms(Style(instruction="Be brief.", refusal="No idea.", few_shot=(SHOT,)))

    assert len({flow_hash(flow) for flow in flows.values()}) == len(flows)


@pytest.mark.parametrize("values", [{}, {"name": "x", "nodes": [{"id": "a"}], "edges": []}, ["rag"]])
def test_json_that_is_not_a_flow_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(InvalidFlow, match="in JSON"):
        flow_from_json(values)
