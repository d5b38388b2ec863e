"""What a flow needs is told from its nodes."""

from lorewright.flows import Flow, Node, Style, adapters_of, arms, retrieves

ARMS = arms(Style(instruction="", refusal="No."))


def test_the_arms_need_what_their_names_say() -> None:
    assert {name: adapters_of(flow) for name, flow in ARMS.items() if adapters_of(flow) != [""]} == {
        "quote": [], "nearest": [], "rag": ["reader"], "rag-few-shot": ["reader"],
        "tuned": ["bare"], "naive-hybrid": ["bare"], "hybrid": ["context"],
    }  # fmt: skip
    assert [name for name in ARMS if retrieves(ARMS[name])] == [
        "quote",
        "rag",
        "rag-few-shot",
        "naive-hybrid",
        "hybrid",
    ]


def test_a_node_that_asks_a_model_on_the_side_needs_its_adapter() -> None:
    nodes = (Node("rewrite", "rewrite", {"adapter": "bare"}), Node("generate", "generate"))

    assert adapters_of(Flow("mine", nodes, ())) == ["bare", ""]


def test_a_route_by_retrieval_looks_into_the_documents() -> None:
    assert retrieves(Flow("mine", (Node("route", "route", {"rule": "retrieval"}),), ()))
    assert not retrieves(Flow("mine", (Node("route", "route", {"rule": "length"}),), ()))
