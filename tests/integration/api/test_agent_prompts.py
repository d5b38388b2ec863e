"""The prompt of each step of an agent, over the API and at the command line, for whom may read the run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.fixtures.upstream import Remote, Upstream

from lorewright.access import LOCAL
from lorewright.cli.agent_trace import show_run
from lorewright.jobs import Steps
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.restrictions import restrict

SETTINGS = """
[agent]
mode = "model"
[agent.models]
parrot = "Repeats a text."
"""
TASK = "How many days of leave are there?"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    upstream = Upstream()
    remote = Remote(tmp_path, upstream, settings=SETTINGS)
    workspace = remote.running.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
    yield remote
    remote.close()
    upstream.close()


def ran(remote: Remote, key: str = "") -> str:
    """Return the id of a run that searched once and answered."""
    remote.upstream.calls("search", '{"query": "leave"}')
    remote.upstream.says("There are 28 days of leave [1].")
    headers = {"Authorization": f"Bearer {key or remote.key}"}
    url = f"{remote.url}/lorewright/v1/agent/runs"
    run_id: str = httpx2.post(url, json={"task": TASK}, headers=headers, timeout=60).json()["id"]
    remote.running.workers.wait()
    return run_id


def got(remote: Remote, path: str, key: str = "") -> httpx2.Response:
    """Get something of a run."""
    headers = {"Authorization": f"Bearer {key or remote.key}"}
    return httpx2.get(f"{remote.url}/lorewright/v1/agent/runs/{path}", headers=headers, timeout=60)


def test_a_step_has_its_prompt_as_the_model_server_got_it(remote: Remote) -> None:
    """Whoever wonders at an answer reads what the model read, with its price."""
    run_id = ran(remote)
    trace = got(remote, run_id).json()["trace"]
    steps = [entry for entry in trace if entry["kind"] == "answer"]

    found = [got(remote, f"{run_id}/entries/{entry['n']}").json() for entry in steps]

    sent = remote.upstream.requests
    assert [one["prompt"]["messages"] for one in found] == [request["messages"] for request in sent]
    assert [one["prompt"]["tools"] for one in found] == [request["tools"] for request in sent]
    assert [one["calls"] for one in found] == [[{"tool": "search", "arguments": '{"query": "leave"}'}], []]
    assert [(one["model"], one["tokens_in"], one["tokens_out"]) for one in found] == [("large", 5, 7)] * 2
    assert all(one["usd"] > 0 and one["ms"] > 0 and one["prompt"]["is_exact"] for one in found)
    assert not {"prompt", "sent", "messages", "tools", "digest"} & {name for one in trace for name in one}


def test_an_entry_that_is_no_step_has_no_prompt(remote: Remote) -> None:
    """A number that names nothing is told, and not taken for another."""
    run_id = ran(remote)

    assert got(remote, f"{run_id}/entries/1").json()["prompt"] is None
    missing = got(remote, f"{run_id}/entries/99")
    assert (missing.status_code, "numbered from 1 to" in missing.text) == (404, True)


def test_a_prompt_is_gone_with_the_right_to_read_its_documents(remote: Remote) -> None:
    """A prompt holds whole passages: it must not be easier to read than they are."""
    key = remote.running.keys.make("asker", verbs=("chat", "read"), stores=("vs_domain",))[1]
    other = remote.running.keys.make("other", verbs=("chat", "read"), stores=("vs_domain",))[1]
    run_id = ran(remote, key)
    before = [got(remote, f"{run_id}/entries/2", who).status_code for who in (key, other)]

    restrict(remote.running.workspace, LOCAL, "leave.md", [])

    hidden = got(remote, f"{run_id}/entries/2", key)
    assert (before, hidden.status_code) == ([200, 404], 404)
    assert hidden.text.replace(run_id, "run_absent") == got(remote, "run_absent/entries/2", key).text


def test_the_command_line_shows_what_each_step_took_and_was_sent(
    remote: Remote, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody should need the studio to see why a run cost what it cost."""
    run_id = ran(remote)

    show_run(remote.running, run_id, None, as_json=False)
    lines = capsys.readouterr().out.splitlines()
    step = next(line for line in lines if "large: " in line)
    assert "5 tokens in, 7 out" in step
    show_run(remote.running, run_id, int(step.split()[0]), as_json=False)
    shown = capsys.readouterr().out
    assert TASK in shown
    assert 'search({"query": "leave"})' in shown
    show_run(remote.running, run_id, int(step.split()[0]), as_json=True)
    entry: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert entry["prompt"]["messages"] == remote.upstream.requests[0]["messages"]


def test_what_a_model_took_as_a_tool_counts_towards_the_run(remote: Remote) -> None:
    """A limit of money that leaves out whom the driver asks is none."""
    remote.upstream.calls("model_parrot", '{"text": "Hello"}')
    remote.upstream.says("Hello.")
    remote.upstream.says("It said hello.")
    headers = {"Authorization": f"Bearer {remote.key}"}
    url = f"{remote.url}/lorewright/v1/agent/runs"
    run_id = httpx2.post(url, json={"task": "Greet."}, headers=headers, timeout=60).json()["id"]
    remote.running.workers.wait()

    run = got(remote, run_id).json()
    call = next(entry for entry in run["trace"] if entry["kind"] == "call")
    paid = [entry["usd"] for entry in run["trace"] if entry["kind"] == "answer"]
    assert (call["tool"], call["tokens"]) == ("model_parrot", 12)
    assert remote.upstream.requests[1]["max_tokens"] == 256  # a tuned model may not come to an end
    assert "Hello." in call["output"]
    assert call["usd"] > 0
    assert run["spent"]["usd"] == pytest.approx(sum(paid) + call["usd"], abs=1e-6)
    assert run["spent"]["tokens"] == 36
