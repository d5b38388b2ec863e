"""Flows that call others, as comparisons and callers get them."""

from pathlib import Path

import pytest

from lorewright.access import LOCAL
from lorewright.errors import InUse, InvalidFlow, TooFewExamples
from lorewright.flows import Edge, Flow, Node, adapters_of, problems, retrieves, style_from
from lorewright.workspace.comparisons.compare import flows_to_compare
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.catalogue import remove_flow, save_flow
from lorewright.workspace.flows.library import find_arm


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(init_domain(tmp_path / "desk"))


def calling(name: str, flow: str) -> Flow:
    nodes = (Node("question", "question"), Node("call", "subflow", {"flow": flow}), Node("answer", "answer"))
    edges = (
        Edge("question", "conversation", "call", "conversation"),
        Edge("call", "draft", "answer", "draft"),
    )
    return Flow(name, nodes, edges)


def test_a_comparison_builds_and_measures_what_is_called(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, calling("mine", "hybrid"))

    (flow,) = flows_to_compare(workspace, LOCAL, style_from((), workspace.settings), ["mine"])

    assert [node.id for node in flow.nodes][1:-1] == [
        "call/retrieve", "call/prompt", "call/generate", "call/ground",
    ]  # fmt: skip
    assert (flow.name, adapters_of(flow), retrieves(flow), problems(flow)) == ("mine", ["context"], True, [])


def test_a_flow_cannot_be_asked_before_what_it_calls_is_trained(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, calling("mine", "hybrid"))

    with pytest.raises(TooFewExamples, match="'hybrid' needs the context adapter"):
        find_arm(workspace, LOCAL, "mine")


def test_a_flow_that_is_called_stays_until_nothing_calls_it(workspace: Workspace) -> None:
    save_flow(workspace, LOCAL, calling("inner", "base"))
    save_flow(workspace, LOCAL, calling("outer", "inner"))

    with pytest.raises(InUse, match="called by outer"):
        remove_flow(workspace, LOCAL, "inner")
    with pytest.raises(InvalidFlow, match="inner → outer → inner"):
        save_flow(workspace, LOCAL, calling("inner", "outer"), is_replacing=True)
    remove_flow(workspace, LOCAL, "outer")
    remove_flow(workspace, LOCAL, "inner")
