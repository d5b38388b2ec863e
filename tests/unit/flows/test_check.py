"""A flow is checked before it runs, and says what is wrong in the words of the editor."""

from dataclasses import replace

import pytest

from lorewright.errors import InvalidFlow
from lorewright.flows import Edge, Flow, Node, Style, arms, check, problems

RAG = arms(Style(instruction="Be brief.", refusal="No idea."))["rag"]


def refused(flow: Flow) -> str:
    with pytest.raises(InvalidFlow) as caught:
        check(flow)
    return f"{caught.value} {caught.value.hint}"


def with_edge(*edge: str) -> Flow:
    return replace(RAG, edges=(*RAG.edges, Edge(*edge)))


def with_node(node_id: str, kind: str, **params: object) -> Flow:
    others = tuple(node for node in RAG.nodes if node.id != node_id)
    return replace(RAG, nodes=(*others, Node(node_id, kind, params)))


def test_every_arm_can_run() -> None:
    for flow in arms(Style(instruction="", refusal="No idea.")).values():
        assert problems(flow) == []


def test_an_edge_of_the_wrong_type_is_refused_with_both_ends_named() -> None:
    flow = with_edge("retrieve", "hits", "generate", "messages")

    assert "retrieve.hits (hits) to generate.messages (messages)" in refused(flow)


def test_an_unknown_kind_is_named_with_what_exists() -> None:
    said = refused(with_node("reader", "mindreader"))

    assert "'mindreader'" in said
    assert "retrieve" in said


def test_an_unknown_parameter_is_named_with_its_node_and_what_exists() -> None:
    said = refused(with_node("retrieve", "retrieve", m=3))

    assert "'retrieve'" in said
    assert "'m'" in said
    assert "Available: n, query." in said


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"n": "many"}, "a whole number of at least 1"),
        ({"n": 0}, "a whole number of at least 1"),
        ({"n": True}, "a whole number of at least 1"),
        ({"query": "title"}, "one of 'conversation', 'last turn'"),
    ],
)
def test_a_parameter_of_the_wrong_type_says_what_it_must_be(params: dict[str, object], wanted: str) -> None:
    assert wanted in refused(with_node("retrieve", "retrieve", **params))


def test_examples_that_are_not_conversations_are_refused() -> None:
    said = refused(with_node("prompt", "prompt", examples=["Hello"]))

    assert "a list of conversations" in said


def test_a_required_port_without_an_edge_is_named() -> None:
    without = tuple(edge for edge in RAG.edges if edge.target != "generate")

    assert "generate.messages (messages)" in refused(replace(RAG, edges=without))


def test_two_edges_into_one_port_are_refused() -> None:
    assert "2 edges end in retrieve.conversation" in refused(
        with_edge("question", "conversation", "retrieve", "conversation")
    )


def test_a_circle_is_drawn() -> None:
    """A ground node that feeds itself would wait for itself."""
    edges = [edge for edge in RAG.edges if (edge.target, edge.target_port) != ("ground", "draft")]
    flow = replace(RAG, edges=(*edges, Edge("ground", "draft", "ground", "draft")))

    assert "ground → ground" in refused(flow)


def test_an_edge_to_a_node_or_port_that_does_not_exist_is_named() -> None:
    assert "'rerank'" in refused(with_edge("retrieve", "hits", "rerank", "hits"))
    assert "has no output port 'chunks'" in refused(with_edge("retrieve", "chunks", "ground", "hits"))


def test_a_flow_has_exactly_one_question_and_one_answer() -> None:
    assert "2 nodes of kind 'question'" in refused(with_node("again", "question"))


def test_all_problems_are_listed_for_the_editor() -> None:
    """Whoever draws wants to see every red mark at once."""
    flow = Flow("half", (Node("question", "question"), Node("answer", "answer", {"tone": "kind"})), ())

    assert len(problems(flow)) == 2


def test_two_nodes_of_one_name_are_refused() -> None:
    assert "Two nodes have the id 'answer'" in refused(
        replace(RAG, nodes=(*RAG.nodes, Node("answer", "answer")))
    )
