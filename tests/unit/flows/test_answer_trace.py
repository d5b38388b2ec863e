"""The trace of an answer: who took which time and tokens, and what became of every hit."""

from collections.abc import Callable

from lorewright.flows import Edge, Flow, Node, Style, arms, run
from lorewright.flows.answer_trace import WHY_LEFT_OUT, trace_of
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Conversation
from lorewright.settings import Retrieval

Saying = Callable[[str], GivenParts]
RAG = arms(Style(instruction="You are the desk.", refusal="No.", retrieval=Retrieval(n_kept=2)))["rag"]
SAID = "Node.js 22 gets fixes until 30 Apr 2027 [1]."


def test_the_node_that_asked_the_model_has_its_tokens(parts_saying: Saying, asked: Conversation) -> None:
    """Who wonders where the tokens went sees the node, once: those behind it pass the draft on."""
    answer = run(RAG, asked, parts_saying(SAID))

    nodes = {node["id"]: node for node in trace_of(answer, RAG)["nodes"]}

    assert nodes["generate"]["tokens_out"] == answer.usage.completion_tokens
    assert nodes["generate"]["tokens_in"] == answer.usage.prompt_tokens
    assert [name for name, node in nodes.items() if node["tokens_out"]] == ["generate"]


def test_a_hit_in_the_prompt_has_its_number(parts_saying: Saying, asked: Conversation) -> None:
    answer = run(RAG, asked, parts_saying(SAID))

    trace = trace_of(answer, RAG)

    assert [hit["number"] for hit in trace["hits"]] == [1, 2]
    assert all("why" not in hit for hit in trace["hits"])
    assert trace["retrieved"] == 2


def test_a_hit_that_was_left_out_says_by_which_node_and_why(
    parts_saying: Saying, asked: Conversation
) -> None:
    """An expert who misses a page must see whether it was not found or not kept."""
    answer = run(_reranking(RAG), asked, parts_saying(SAID))

    hits = trace_of(answer, _reranking(RAG))["hits"]

    left_out = [hit for hit in hits if not hit["number"]]
    assert [(hit["left_out_by"], hit["why"]) for hit in left_out] == [("best", WHY_LEFT_OUT["rerank"])]
    assert len(hits) == 2


def _reranking(flow: Flow) -> Flow:
    """Return a flow that keeps the best of its hits alone."""
    edges = [
        Edge("best", "hits", edge.target, edge.target_port)
        if (edge.source, edge.source_port) == ("retrieve", "hits")
        else edge
        for edge in flow.edges
    ]
    edges += [
        Edge("retrieve", "hits", "best", "hits"),
        Edge("question", "conversation", "best", "conversation"),
    ]
    at = next(place for place, node in enumerate(flow.nodes) if node.id == "retrieve") + 1
    best = Node("best", "rerank", {"n_kept": 1})
    return Flow(flow.name, (*flow.nodes[:at], best, *flow.nodes[at:]), tuple(edges))
