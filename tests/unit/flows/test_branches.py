"""A route takes one of two branches; the other one does not run."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.fixtures.drawn_flows import asking, drawn, hit, made, texts

from lorewright.errors import InvalidFlow
from lorewright.flows import Flow, check, flow_from_json, flow_to_json, problems, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Conversation
from lorewright.models.fakes import ScriptedEngine

Saying = Callable[[str], GivenParts]
ROUTED = drawn(
    {
        "route": ("route", {"rule": "words", "words": ["Node.js", "Debian"]}),
        "retrieve": ("retrieve", {"n": 2}),
        "prompt": ("prompt", {}),
        "cited": ("generate", {}),
        "ground": ("ground", {"refusal": "Not in our pages."}),
        "plain": ("prompt", {}),
        "free": ("generate", {"adapter": "bare"}),
        "merge": ("merge", {}),
    },
    "question.conversation > route.conversation",
    "route.first > retrieve.conversation",
    "route.first > prompt.conversation",
    "retrieve.hits > prompt.hits",
    "prompt.messages > cited.messages",
    "cited.draft > ground.draft",
    "prompt.hits > ground.hits",
    "question.conversation > ground.conversation",
    "route.second > plain.conversation",
    "plain.messages > free.messages",
    "ground.draft > merge.first",
    "free.draft > merge.second",
    "merge.draft > answer.draft",
)


def without(*targets: str) -> Flow:
    kept = tuple(edge for edge in ROUTED.edges if f"{edge.target}.{edge.target_port}" not in targets)
    return replace(ROUTED, edges=kept)


def test_the_branch_that_is_taken_answers_and_the_other_does_not_run(
    parts_saying: Saying, asked: Conversation
) -> None:
    parts = parts_saying("Node.js 22 gets fixes until 30 Apr 2027 [1].")

    answer = run(ROUTED, asked, parts)
    other = run(ROUTED, asking("Tell me a joke."), parts)

    assert (answer.text, len(answer.citations)) == ("Node.js 22 gets fixes until 30 Apr 2027.", 1)
    assert (answer.trace["free"], answer.timings_ms["free"]) == ({}, 0.0)
    assert list(answer.trace["route"]) == ["first"]
    assert (other.provenance.model, other.provenance.index_version) == ("says-bare", "")
    assert [node for node in ("retrieve", "prompt", "cited", "ground") if other.trace[node]] == []


def test_a_routed_flow_comes_back_from_json(parts_saying: Saying, asked: Conversation) -> None:
    again = flow_from_json(flow_to_json(ROUTED))

    assert again == ROUTED
    assert not run(again, asked, parts_saying("Until 30 Apr 2027.")).refused


def test_a_branch_that_leads_nowhere_is_refused_with_its_name() -> None:
    flow = without("merge.first", "merge.second", "answer.draft")
    edges = (*flow.edges, replace(ROUTED.edges[-1], source="ground"))

    nodes = tuple(node for node in ROUTED.nodes if node.id != "merge")
    (problem,) = problems(replace(flow, nodes=nodes, edges=edges))

    assert str(problem) == "If route takes 'second', nothing reaches the answer."
    assert "merge node" in problem.hint


def test_a_merge_needs_both_its_branches() -> None:
    with pytest.raises(InvalidFlow, match=r"Nothing is connected to merge\.second"):
        check(without("merge.second"))


def test_an_optional_port_on_the_other_branch_is_like_one_that_is_not_connected(
    parts_saying: Saying, asked: Conversation
) -> None:
    flow = drawn(
        {
            "route": ("route", {"rule": "length", "min_words": 5}),
            "retrieve": ("retrieve", {"n": 1}),
            "prompt": ("prompt", {}),
            "generate": ("generate", {}),
        },
        "question.conversation > route.conversation",
        "route.first > retrieve.conversation",
        "question.conversation > prompt.conversation",
        "retrieve.hits > prompt.hits",
        "prompt.messages > generate.messages",
        "generate.draft > answer.draft",
    )
    parts = parts_saying("Yes.")

    assert len(run(flow, asked, parts).trace["prompt"]["hits"]) == 1
    short = run(flow, asking("Debian?"), parts)
    assert (short.trace["prompt"]["hits"], short.trace["retrieve"]) == ([], {})


def test_a_refusal_may_be_followed_by_the_second_draft(parts_saying: Saying) -> None:
    nodes = tuple(
        replace(node, params={"second_when": "first refuses"}) if node.id == "merge" else node
        for node in ROUTED.nodes
    )
    edges = tuple(
        replace(edge, source="question", source_port="conversation") if edge.source == "route" else edge
        for edge in ROUTED.edges
    )
    flow = replace(ROUTED, nodes=nodes, edges=edges)

    answer = run(flow, asking("Who won yesterday?"), parts_saying("Nobody knows."))

    assert (answer.text, answer.refused) == ("Nobody knows.", False)


@pytest.mark.parametrize(
    ("params", "question", "taken"),
    [
        ({"rule": "words", "words": ["error code"]}, "What is Error Code 7?", "first"),
        ({"rule": "words", "words": ["art"]}, "How do I start?", "second"),
        ({"rule": "pattern", "pattern": r"\b[A-Z]{3}-\d+"}, "Where is ABC-12?", "first"),
        ({"rule": "length", "min_words": 4}, "Too short", "second"),
        ({"rule": "retrieval", "min_cosine": 0.3}, "Until when does Debian 12 get fixes?", "first"),
        ({"rule": "retrieval", "min_cosine": 0.3}, "Who won yesterday?", "second"),
    ],
)
def test_a_rule_decides(
    params: dict[str, object], question: str, taken: str, retriever: PlainRetriever
) -> None:
    outputs = made("route", params, GivenParts({}, retriever), conversation=asking(question))

    assert outputs == {taken: asking(question)}


def test_a_model_decides_between_descriptions_whatever_letter_they_have() -> None:
    def says(text: str) -> str:
        return "A" if text.index("pay") < text.index("else") else "B"

    engine = ScriptedEngine(lambda messages: says(messages[-1].content))
    params = {"rule": "model", "first_is": "a question about pay", "second_is": "something else"}

    assert list(made("route", params, GivenParts({"": engine}), conversation=asking("Hm?"))) == ["first"]
    assert len(engine.seen) == 2


@pytest.mark.parametrize("params", [{}, {"rule": "pattern", "pattern": "("}, {"rule": "pattern"}])
def test_a_rule_without_what_it_needs_is_refused(params: dict[str, object]) -> None:
    nodes = tuple(replace(node, params=params) if node.id == "route" else node for node in ROUTED.nodes)

    with pytest.raises(InvalidFlow, match="Node 'route'"):
        check(replace(ROUTED, nodes=nodes))


def test_hits_of_two_sources_become_one_list_with_each_chunk_once() -> None:
    first = (hit("a", score=0.9), hit("b", score=0.5))
    second = (hit("c", score=8.0), hit("b", score=7.9), hit("d", score=1.0))
    parts = GivenParts({})

    fused = made("merge_hits", {"n_kept": 3}, parts, first=first, second=second)["hits"]
    behind = made("merge_hits", {"method": "append"}, parts, first=first, second=second)["hits"]

    assert texts(fused) == ["a", "c", "b"]
    assert texts(behind) == ["a", "b", "c", "d"]
    assert texts(made("merge_hits", {}, parts, second=second)["hits"]) == ["c", "b", "d"]
