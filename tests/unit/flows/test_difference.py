"""What is different between two versions of a flow."""

from lorewright.flows import flow_difference

NODE = {"id": "find", "kind": "retrieve", "params": {"n": 3}}
EDGE = {"source": "ask", "source_port": "conversation", "target": "find", "target_port": "conversation"}


def test_nodes_parameters_and_edges_are_told_in_words() -> None:
    """Who reads a version's difference must not have to compare two drawings."""
    old = {"name": "mine", "nodes": [NODE, {"id": "gone", "kind": "ground"}], "edges": [EDGE]}
    new = {
        "name": "mine",
        "nodes": [{**NODE, "params": {"n": 5, "kept": 2}}, {"id": "fresh", "kind": "answer"}],
        "edges": [],
    }

    assert flow_difference(old, new) == (
        "Added fresh (answer).",
        "Removed gone (ground).",
        "find.n: 3 → 5",
        "find.kept: default → 2",
        "Disconnected ask.conversation → find.conversation.",
    )


def test_nothing_changed_tells_nothing() -> None:
    """Moving a node is no change of the flow."""
    flow = {"name": "mine", "nodes": [NODE], "edges": [EDGE]}

    assert flow_difference(flow, flow) == ()
