"""Flows: checked, saved, tried out as a whole and node by node."""

from typing import Any

import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.documents import Document
from lorewright.messages import Message
from lorewright.workspace.answering.flow_trials import try_flow

LEAVE = [{"role": "user", "content": "How many days of leave?"}]


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def rag(call: Call, name: str) -> dict[str, Any]:
    """Return the rag arm's flow under another name."""
    _, found = call("GET", "/flows/rag")
    return {"name": name, "nodes": found["nodes"], "edges": found["edges"]}


def test_the_arms_are_listed_with_what_they_lack(call: Call) -> None:
    status, told = call("GET", "/flows")
    flows = {flow["id"]: flow for flow in told["data"]}
    assert (status, list(flows)[:3], flows["rag"]["unready"]) == (200, ["base", "quote", "nearest"], None)
    assert "lorewright tune" in flows["hybrid"]["unready"]
    kinds = [kind["id"] for kind in call("GET", "/flows/kinds")[1]["data"]]
    assert {"question", "retrieve", "generate", "answer"} <= set(kinds)


def test_a_flow_is_saved_served_and_deployed(call: Call, served: Served) -> None:
    status, saved = call("POST", "/flows", rag(call, "mine"))
    assert (status, saved["id"], saved["is_arm"]) == (200, "mine", False)
    assert call("POST", "/flows", rag(call, "mine"))[0] == 409
    assert call("POST", "/flows", rag(call, "mine") | {"replace": True})[0] == 200
    assert call("POST", "/deployments", {"name": "desk", "arm": "mine"})[1]["live"] == 1
    with served.client() as client:
        assert "handbook/mine" in [model.id for model in client.models.list()]
        said = client.chat.completions.create(model="handbook/mine", messages=LEAVE)  # type: ignore[arg-type]
        assert said.choices[0].message.content == "Every employee has 28 days of leave a year."
    assert call("DELETE", "/flows/mine")[1]["deleted"]
    assert call("GET", "/flows/mine")[0] == 404
    assert call("GET", "/deployments/desk")[0] == 200


def test_what_keeps_a_flow_from_running_is_told_at_once(call: Call) -> None:
    broken = rag(call, "mine")
    broken["edges"] = broken["edges"][1:]
    broken["nodes"][1]["params"] = {"n": 0}
    _, told = call("POST", "/flows/validate", broken)
    assert not told["is_valid"]
    assert len(told["problems"]) == 2
    assert call("POST", "/flows/validate", rag(call, "mine"))[1]["is_valid"]
    assert not call("POST", "/flows/validate", {"name": "x"})[1]["is_valid"]
    assert call("POST", "/flows", broken)[0] == 400
    assert call("POST", "/flows", rag(call, "rag"))[0] == 400


@pytest.mark.parametrize("is_given", [True, False])
def test_a_run_shows_every_node(is_given: bool, call: Call) -> None:
    flow = rag(call, "mine") if is_given else "rag"
    status, told = call("POST", "/flows/run", {"flow": flow, "messages": LEAVE})
    assert (status, told["answer"]["text"]) == (200, "Every employee has 28 days of leave a year.")
    nodes = {node["id"]: node for node in told["nodes"]}
    assert list(nodes) == ["question", "retrieve", "prompt", "generate", "ground", "answer"]
    assert nodes["retrieve"]["outputs"]["hits"][0]["document_id"] == "leave.md"
    assert nodes["retrieve"]["time_ms"] > 0


def test_one_node_runs_on_what_another_put_out(call: Call) -> None:
    _, found = call(
        "POST", "/flows/run_node", {"flow": "rag", "node": "retrieve", "inputs": {"conversation": LEAVE}}
    )
    hits = found["outputs"]["hits"]
    assert hits[0]["document_id"] == "leave.md"
    assert found["made_by"]["index_version"]
    inputs = {"conversation": LEAVE, "hits": hits}
    _, prompt = call("POST", "/flows/run_node", {"node": {"kind": "prompt"}, "inputs": inputs})
    _, said = call(
        "POST",
        "/flows/run_node",
        {"node": {"kind": "generate"}, "inputs": {"messages": prompt["outputs"]["messages"]}},
    )
    assert "28 days" in said["outputs"]["draft"]["text"]
    ground = {"node": {"kind": "ground"}, "inputs": {**inputs, "draft": said["outputs"]["draft"]}}
    _, checked = call("POST", "/flows/run_node", ground)
    assert checked["outputs"]["draft"]["citations"][0]["document_id"] == "leave.md"
    ground["inputs"]["draft"] = {"text": "You have 99 days."}
    _, refused = call("POST", "/flows/run_node", ground)
    assert refused["outputs"]["draft"]["refused"]
    assert refused["outputs"]["draft"]["unsupported"] == ["99 days"]


def test_wrong_inputs_are_named(call: Call) -> None:
    for inputs, told in (
        ({}, "No value for node.messages"),
        ({"messages": "hello"}, "node.messages (messages) is hello"),
        ({"messages": LEAVE, "hits": []}, "has no input port 'hits'"),
    ):
        status, error = call("POST", "/flows/run_node", {"node": {"kind": "generate"}, "inputs": inputs})
        assert (status, told in error["error"]["message"]) == (400, True)
    status, error = call("POST", "/flows/run_node", {"flow": "rag", "node": "none"})
    assert (status, error["error"]["param"]) == (400, "node")


def test_flows_are_no_way_around_what_a_key_may_use(call: Call, served: Served) -> None:
    _, secret = served.running.keys.make("guest", models=("handbook/base",))
    run = {"flow": "rag", "messages": LEAVE}
    assert call("POST", "/flows/run", run, key=secret)[0] == 404
    assert call("POST", "/flows/run", run | {"flow": "base"}, key=secret)[0] == 200
    node = {"node": {"kind": "retrieve"}, "inputs": {"conversation": LEAVE}}
    assert call("POST", "/flows/run_node", node, key=secret)[0] == 404


def calling(name: str, flow: str) -> dict[str, Any]:
    """Return a flow that lets another one answer."""
    ends = [("question", "conversation", "call", "conversation"), ("call", "draft", "answer", "draft")]
    names = ("source", "source_port", "target", "target_port")
    return {
        "name": name,
        "nodes": [
            {"id": "question", "kind": "question"},
            {"id": "call", "kind": "subflow", "params": {"flow": flow}},
            {"id": "answer", "kind": "answer"},
        ],
        "edges": [dict(zip(names, end, strict=True)) for end in ends],
    }


def test_a_flow_that_calls_another_keeps_it_and_is_deployed_with_it(call: Call, served: Served) -> None:
    assert call("POST", "/flows", calling("outer", "inner"))[0] == 400
    assert call("POST", "/flows", rag(call, "inner"))[0] == 200
    assert call("POST", "/flows", calling("outer", "inner"))[0] == 200
    status, run = call("POST", "/flows/run", {"flow": "outer", "messages": LEAVE})
    assert (status, run["answer"]["text"]) == (200, "Every employee has 28 days of leave a year.")
    assert [node["id"] for node in run["nodes"]] == ["question", "call", "answer"]
    status, refused = call("DELETE", "/flows/inner")
    assert (status, "called by outer" in refused["error"]["message"]) == (409, True)
    version = call("POST", "/deployments", {"name": "desk", "arm": "outer"})[1]
    assert version["live"] == 1
    assert call("DELETE", "/flows/outer")[0] == call("DELETE", "/flows/inner")[0] == 200
    with served.client() as client:
        said = client.chat.completions.create(model="desk", messages=LEAVE)  # type: ignore[arg-type]
        assert said.choices[0].message.content == "Every employee has 28 days of leave a year."


def test_flows_that_call_each_other_in_a_circle_are_not_saved(call: Call) -> None:
    assert call("POST", "/flows", calling("first", "rag"))[0] == 200
    assert call("POST", "/flows", calling("second", "first"))[0] == 200
    circle = calling("first", "second")
    status, refused = call("POST", "/flows", circle | {"replace": True})
    assert (status, "first → second → first" in refused["error"]["message"]) == (400, True)
    (problem,) = call("POST", "/flows/validate", circle)[1]["problems"]
    assert "first → second → first" in problem["message"]
    assert call("POST", "/flows/run", {"flow": circle, "messages": LEAVE})[0] == 400


def test_the_metadata_of_documents_filters_their_hits(call: Call, served: Served) -> None:
    served.running.workspace.documents.save(
        Document("dated.md", "Leave", "Leave was 20 days.", metadata={"valid": "no"}), file_hash="1"
    )
    hits = [
        {"text": "Leave was 20 days.", "document_id": "dated.md"},
        {"text": "28 days.", "document_id": "x"},
    ]
    wanted = {"metadata": '{"type": "ne", "key": "valid", "value": "no"}'}
    node = {"kind": "filter", "params": wanted}
    _, kept = call("POST", "/flows/run_node", {"node": node, "inputs": {"hits": hits}})
    assert [hit["document_id"] for hit in kept["outputs"]["hits"]] == ["x"]


def test_every_node_is_heard_of_while_a_flow_runs(served: Served) -> None:
    heard: list[tuple[str, str]] = []
    caller = served.running.keys.who(served.running.keys.make("listener", models=("*",))[1])
    try_flow(
        served.running,
        caller,
        "rag",
        (Message("user", LEAVE[0]["content"]),),
        on_node=lambda node_id, state, _ms, _trace: heard.append((node_id, state)),
    )
    assert [node_id for node_id, state in heard if state == "done"][-1] == "answer"
    assert ("retrieve", "running") in heard
