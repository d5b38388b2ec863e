"""Flows that call tools over the Model Context Protocol: here of another Lorewright, and of this one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.calls import caller_to
from tests.fixtures.served import Served, lay_out

ASKED = [{"role": "user", "content": "How many days of leave?"}]


def flow(**params: Any) -> dict[str, Any]:
    """Return a flow whose prompt shows what a tool says."""
    drawn = """
        question.conversation > call.conversation
        question.conversation > prompt.conversation
        question.conversation > ground.conversation
        call.hits > prompt.hits
        prompt.messages > generate.messages
        prompt.hits > ground.hits
        generate.draft > ground.draft
        ground.draft > answer.draft
    """
    ends = [[end.strip().split(".") for end in line.split(">")] for line in drawn.strip().splitlines()]
    kinds = {"question": "question", "call": "tool", "prompt": "prompt", "generate": "generate",
             "ground": "ground", "answer": "answer"}  # fmt: skip
    given = {"server": "handbook", "tool": "search"} | params
    return {
        "name": "asking",
        "nodes": [
            {"id": name, "kind": kind, "params": given if kind == "tool" else {}}
            for name, kind in kinds.items()
        ],
        "edges": [
            {"source": source[0], "source_port": source[1], "target": target[0], "target_port": target[1]}
            for source, target in ends
        ],
    }  # fmt: skip


@pytest.fixture
def other(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A second domain that knows the first one as its tool server."""
    monkeypatch.setenv("HANDBOOK_KEY", served.key)
    folder = lay_out(tmp_path / "other")
    text = (folder / "lorewright.toml").read_text()
    about = f'url = "{served.url}/mcp"\nkey_env = "HANDBOOK_KEY"\nallowed = ["search", "ask"]\n'
    (folder / "lorewright.toml").write_text(f"{text}\n[tools.handbook]\n{about}")
    server = Served(folder)
    yield server
    server.close()


def test_a_flow_answers_from_the_documents_of_another_domain(other: Served) -> None:
    call = caller_to(other)
    assert call("POST", "/flows/validate", flow())[1]["is_valid"]
    assert call("POST", "/flows", flow())[0] == 200

    status, told = call("POST", "/flows/run", {"flow": "asking", "messages": ASKED})

    assert (status, told["answer"]["text"]) == (200, "Every employee has 28 days of leave a year.")
    assert told["answer"]["annotations"][0]["url_citation"]["title"] == "tool:handbook/search"
    nodes = {node["id"]: node for node in told["nodes"]}
    called = nodes["call"]["outputs"]["call"]
    assert called["arguments"] == {"query": "How many days of leave?"}
    assert 0 < called["time_ms"] <= nodes["call"]["time_ms"]
    with other.client() as client:
        said = client.chat.completions.create(model="other/asking", messages=ASKED)  # type: ignore[arg-type]
        assert said.choices[0].message.content == "Every employee has 28 days of leave a year."


def test_another_domains_answer_is_the_draft(other: Served) -> None:
    params = {
        "server": "handbook",
        "tool": "ask",
        "arguments": '{"question": "{question}"}',
        "result_field": "answer",
    }
    node = {"id": "call", "kind": "tool", "params": params}

    _, told = caller_to(other)("POST", "/flows/run_node", {"node": node, "inputs": {"conversation": ASKED}})

    assert told["outputs"]["draft"]["text"] == "Every employee has 28 days of leave a year."


def test_the_tools_that_flows_may_call_are_offered_without_their_address(
    other: Served, served: Served
) -> None:
    _, told = caller_to(other)("GET", "/flows/tools")

    (offered,) = told["data"]
    assert [tool["name"] for tool in offered["tools"]] == ["search", "ask"]
    assert offered["tools"][0]["schema"]["required"] == ["query"]
    assert served.url not in json.dumps(told)
    assert served.key not in json.dumps(told)


def test_a_server_that_is_down_says_so_and_hides_none_of_the_others(other: Served) -> None:
    path = other.running.workspace.folder / "lorewright.toml"
    path.write_text(path.read_text() + '\n[tools.down]\nurl = "http://127.0.0.1:9/mcp"\n')
    other.running.workspace.reload()

    _, told = caller_to(other)("GET", "/flows/tools")

    offered = {one["id"]: one for one in told["data"]}
    assert "cannot be reached" in offered["down"]["error"]
    assert len(offered["handbook"]["tools"]) == 2
    status, told = caller_to(other)("POST", "/flows/run", {"flow": flow(server="down"), "messages": ASKED})
    assert status >= 500
    assert "'search' of 'down' cannot be reached" in told["error"]["message"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"server": "elsewhere"}, "'elsewhere', which is not configured"),
        ({"tool": "add_document"}, "is not allowed in flows"),
    ],
)
def test_a_flow_cannot_name_what_nobody_set_up(params: dict[str, Any], words: str, other: Served) -> None:
    call = caller_to(other)

    (problem,) = call("POST", "/flows/validate", flow(**params))[1]["problems"]

    assert words in problem["message"]
    assert call("POST", "/flows", flow(**params))[0] == 400
    assert call("POST", "/flows/run", {"flow": flow(**params), "messages": ASKED})[0] in (400, 404)
