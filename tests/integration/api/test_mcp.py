"""The domain as an MCP server, asked by the official client."""

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

import anyio
import httpx2
import pytest
from mcp import MCPError, StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from tests.fixtures.served import Served

pytestmark = pytest.mark.thorough

READING = {"agent_run", "search", "ask", "list_comparisons", "job_status", "recommendation"}
CHANGING = {"run_agent", "add_document", "run_comparison"}

Talk = Callable[[Client], Awaitable[Any]]


def over_http(served: Served, talk: Talk, *, key: str | None = None, mode: str = "auto") -> Any:
    """Return what a conversation with the server's /mcp brings."""

    async def run() -> Any:
        headers = {"Authorization": f"Bearer {key or served.key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{served.url}/mcp", http_client=http), mode=mode) as client,
        ):
            return await talk(client)

    return anyio.run(run)


def calling(tool: str, /, **arguments: Any) -> Talk:
    """Return a conversation that calls one tool and returns what it says."""

    async def talk(client: Client) -> Any:
        said = await client.call_tool(tool, arguments)
        first: Any = said.content[0]
        return first.text if said.is_error else said.structured_content

    return talk


async def tool_names(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


def test_agents_find_every_tool_described(served: Served) -> None:
    async def talk(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = over_http(served, talk)

    assert {tool.name for tool in tools} == READING | CHANGING
    assert all(tool.description for tool in tools)
    assert {tool.name for tool in tools if tool.annotations.read_only_hint} == READING


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_answers_come_with_citations_and_what_made_them(served: Served, mode: str) -> None:
    """Old clients, which shake hands first, and new ones get the same."""
    said = over_http(served, calling("ask", question="How many days of leave?", model="rag"), mode=mode)

    assert "28 days" in said["answer"]
    assert said["citations"][0]["document"] == "leave.md"
    assert "28 days" in said["citations"][0]["quote"]
    assert said["provenance"]["weights"] == "sha256:parrot"


def test_without_a_model_the_recommended_arm_answers(served: Served) -> None:
    assert over_http(served, calling("ask", question="What may a hotel cost?"))["model"] == "handbook/rag"


def test_base_models_answer_without_citations(served: Served) -> None:
    said = over_http(served, calling("ask", question="Hello", model="parrot"))
    assert (said["answer"], said["citations"]) == ("You said: Hello", [])


def test_search_shows_where_a_passage_stands(served: Served) -> None:
    hits = over_http(served, calling("search", query="days of leave", n=1))["hits"]
    assert hits[0]["document"] == "leave.md"
    assert hits[0]["heading_path"] == ["Leave"]


def test_an_added_document_is_found_at_once(served: Served) -> None:
    async def talk(client: Client) -> Any:
        text = "# Parking\n\nParking spaces cost 40 euros a month.\n"
        added = await client.call_tool("add_document", {"name": "parking", "text": text})
        found = await client.call_tool("search", {"query": "parking spaces", "n": 1})
        again = await client.call_tool("add_document", {"name": "parking.md", "text": "Free."})
        return added.structured_content, found.structured_content, again

    added, found, again = over_http(served, talk)

    assert (added["document"], added["n_new"]) == ("parking.md", 1)
    assert found["hits"][0]["document"] == "parking.md"
    assert again.is_error
    assert "already" in again.content[0].text


@pytest.mark.parametrize("name", ["../outside.md", "/etc/passwd.md", ".hidden.md", "tool.exe", ""])
def test_documents_stay_in_their_folder(served: Served, name: str) -> None:
    said = over_http(served, calling("add_document", name=name, text="Hello"))
    assert isinstance(said, str)
    assert "name" in said
    assert sorted(path.name for path in served.running.workspace.documents_folder.rglob("*")) == [
        "leave.md",
        "travel.md",
    ]


def test_documents_are_resources(served: Served) -> None:
    async def talk(client: Client) -> Any:
        listed = (await client.list_resources()).resources
        read: Any = (await client.read_resource(listed[0].uri)).contents[0]
        return [resource.name for resource in listed], read.text

    names, text = over_http(served, talk)

    assert names == ["leave.md", "travel.md"]
    assert "28 days" in text


def test_a_document_that_is_not_there_is_said_to_be_missing(served: Served) -> None:
    async def talk(client: Client) -> Any:
        with pytest.raises(MCPError, match=r"No document found with name 'nothing\.md'"):
            await client.read_resource("lorewright://documents/nothing.md")

    over_http(served, talk)


def test_a_comparison_runs_as_a_job_that_can_be_followed(served: Served) -> None:
    """It is stopped by what it lacks: examples or questions; the status says so."""

    async def talk(client: Client) -> Any:
        begun = (await client.call_tool("run_comparison", {"arms": ["rag"]})).structured_content
        with anyio.fail_after(60):
            while True:
                told = (await client.call_tool("job_status", {"job_id": begun["job_id"]})).structured_content
                if told["state"] not in ("queued", "running"):
                    return told
                await anyio.lowlevel.checkpoint()

    told = over_http(served, talk)

    assert (told["kind"], told["state"]) == ("compare", "failed")
    assert "question" in told["error"]["message"]


def test_jobs_that_others_ordered_are_not_there(served: Served) -> None:
    """A fine-tuning job belongs to the key that ordered it, and has a status of its own in the API."""
    job = served.running.workspace.queue.submit("fine-tune", {"job": "ftjob-1"})
    reader = served.running.keys.make("reader", verbs=("read",))[1]
    assert "No job found" in over_http(served, calling("job_status", job_id=job.id), key=reader)


def test_the_recommendation_says_where_to_begin_before_anything_was_measured(served: Served) -> None:
    async def talk(client: Client) -> Any:
        advice = (await client.call_tool("recommendation", {})).structured_content
        return advice, (await client.call_tool("list_comparisons", {})).structured_content

    advice, compared = over_http(served, talk)

    assert advice["recommendation"]["is_measured"] is False
    assert advice["recommendation"]["arm"] in advice["text"]
    assert compared == {"comparisons": []}


def test_a_call_without_a_good_key_is_refused(served: Served) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for headers in ({}, {"Authorization": "Bearer lw-wrong"}):
        refused = httpx2.post(f"{served.url}/mcp", json=message, headers=headers)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_can_do_with_mcp_what_it_can_do_with_the_api(served: Served) -> None:
    reader = served.running.keys.make("reader", verbs=("read",))[1]

    assert over_http(served, calling("search", query="leave"), key=reader)["hits"]
    for tool, arguments in {
        "ask": {"question": "Hello"},
        "add_document": {"name": "a", "text": "b"},
        "run_comparison": {},
    }.items():
        assert "'reader' lacks the" in over_http(served, calling(tool, **arguments), key=reader)


def test_a_key_sees_no_documents_without_the_right_to_read(served: Served) -> None:
    chatter = served.running.keys.make("chatter", verbs=("chat",))[1]

    async def talk(client: Client) -> Any:
        return (await client.list_resources()).resources

    assert over_http(served, talk, key=chatter) == []
    assert "lacks the 'read' permission" in over_http(served, calling("search", query="leave"), key=chatter)


def test_only_messages_are_taken(served: Served) -> None:
    """There is no stream to open: a client that asks for one learns it at once."""
    headers = {"Authorization": f"Bearer {served.key}", "Accept": "text/event-stream"}
    assert httpx2.get(f"{served.url}/mcp", headers=headers).status_code == 405


def over_stdio(folder: Path, talk: Talk, *options: str) -> Any:
    """Return what a conversation with `lorewright mcp` brings."""

    async def run() -> Any:
        words = ["-m", "lorewright.cli", "mcp", "--domain", str(folder), *options]
        server = StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))
        async with Client(stdio_client(server)) as client:
            return await talk(client)

    return anyio.run(run)


def test_agents_start_it_themselves(served: Served) -> None:
    """On standard input the local user speaks, who needs no key and may do everything."""

    async def talk(client: Client) -> Any:
        found = await client.call_tool("search", {"query": "hotel", "n": 1})
        return await tool_names(client), found.structured_content

    names, found = over_stdio(served.running.workspace.folder, talk)

    assert names == READING | CHANGING
    assert found["hits"][0]["document"] == "travel.md"


def test_read_only_leaves_out_what_changes_anything(served: Served) -> None:
    assert over_stdio(served.running.workspace.folder, tool_names, "--read-only") == READING


def test_standard_output_carries_nothing_but_the_protocol(served: Served) -> None:
    """A model that is missing makes noise on the way; a single foreign line would end a client's session."""
    call = (
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
        '"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\n'
        '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
        '{"jsonrpc":"2.0","id":2,"method":"tools/call",'
        '"params":{"name":"ask","arguments":{"question":"Hello","model":"base"}}}\n'
    )
    command = [sys.executable, "-m", "lorewright.cli", "mcp", "-d", str(served.running.workspace.folder)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(call)
        process.stdin.flush()
        first, second = process.stdout.readline(), process.stdout.readline()
        process.stdin.close()
        rest = process.stdout.read()

    assert json.loads(first)["result"]["serverInfo"]["name"] == "lorewright"
    assert json.loads(second)["result"]["isError"]
    assert rest == ""
    assert process.returncode == 0
