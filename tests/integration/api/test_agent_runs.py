"""Agents over the API: a task, its steps as they come, its result, and what people decide."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.fixtures.served import SETTINGS, Served, lay_out

from lorewright.access import LOCAL
from lorewright.jobs import Steps
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.restrictions import restrict


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = lay_out(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text(f'{SETTINGS}\n[agent]\nmode = "plan"\n')
    served = Served(folder)
    workspace = served.running.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
    yield served
    served.close()


class Agents:
    """The API for agents, with the administrator's key or another one."""

    def __init__(self, served: Served, key: str = "") -> None:
        self._url = f"{served.url}/lorewright/v1/agent"
        self._headers = {"Authorization": f"Bearer {key or served.key}"}

    def post(self, path: str, **body: object) -> httpx2.Response:
        """Send a body to a path."""
        return httpx2.post(f"{self._url}{path}", json=body, headers=self._headers, timeout=60)

    def get(self, path: str) -> httpx2.Response:
        """Get a path."""
        return httpx2.get(f"{self._url}{path}", headers=self._headers, timeout=60)

    def ended(self, run_id: str) -> dict[str, Any]:
        """Return a run once it is over or waits: the last of its events."""
        text = self.get(f"/runs/{run_id}/events").text
        last = text.strip().rpartition("data: ")[2]
        body: dict[str, Any] = json.loads(last)
        return body


def test_a_task_is_answered_with_citations_and_its_trace(served: Served) -> None:
    """Whoever asks sees what was done, and where every part of the answer stands."""
    agents = Agents(served)
    begun = agents.post("/runs", task="How many days of leave are there? What may a hotel cost?").json()

    run = agents.ended(begun["id"])
    whole = agents.get(f"/runs/{begun['id']}").json()

    assert (run["state"], run["reason"]) == ("finished", "")
    assert {citation["document_id"] for citation in run["citations"]} == {"leave.md", "travel.md"}
    assert {"task", "plan", "call", "answer", "end"} <= {entry["kind"] for entry in whole["trace"]}


def test_a_call_waits_until_somebody_decides(served: Served) -> None:
    """A person has the last word on the tools that were chosen for it."""
    agents = Agents(served)
    begun = agents.post("/runs", task="How many days of leave are there?", approve=["ask"]).json()
    waiting = agents.ended(begun["id"])

    assert waiting["state"] == "waiting"
    call_id = waiting["approvals"][0]["call_id"]
    assert agents.post(f"/runs/{begun['id']}/decisions", decisions={"other": True}).status_code == 400
    agents.post(f"/runs/{begun['id']}/decisions", decisions={call_id: True})
    assert agents.ended(begun["id"])["citations"][0]["document_id"] == "leave.md"


def test_a_run_is_gone_for_whom_its_documents_are_closed(served: Served) -> None:
    """What an agent read out of a page must not outlive the right to read that page."""
    key = served.running.keys.make("asker", verbs=("chat", "read"), stores=("vs_domain",))[1]
    agents, own = Agents(served), Agents(served, key)
    run = own.ended(own.post("/runs", task="How many days of leave are there?").json()["id"])
    assert run["citations"][0]["document_id"] == "leave.md"
    restrict(served.running.workspace, LOCAL, "board/", [])
    seen = [own.get(f"/runs/{run['id']}").status_code, len(own.get("/runs").json()["data"])]

    restrict(served.running.workspace, LOCAL, "leave.md", [])

    missing = own.get("/runs/run_absent")
    hidden = own.get(f"/runs/{run['id']}")
    assert seen == [200, 1]
    assert (hidden.status_code, own.get("/runs").json()["data"]) == (404, [])
    assert hidden.text.replace(run["id"], "run_absent") == missing.text
    assert agents.get(f"/runs/{run['id']}").status_code == 200


def test_a_run_begins_again_from_a_step(served: Served) -> None:
    """A step that went wrong need not cost the ones before it."""
    agents = Agents(served)
    begun = agents.post("/runs", task="How many days of leave are there?").json()
    first = agents.ended(begun["id"])

    again = agents.post(f"/runs/{begun['id']}/continue", from_entry=3).json()

    assert again["id"] != begun["id"]
    assert agents.ended(again["id"])["text"] == first["text"]


def test_only_who_started_a_run_sees_it(served: Served) -> None:
    """A result is made of what its caller may read."""
    key = served.running.keys.make("other", verbs=("chat", "read"))[1]
    agents, other = Agents(served), Agents(served, key)
    begun = agents.post("/runs", task="How many days of leave are there?").json()
    agents.ended(begun["id"])

    assert other.get(f"/runs/{begun['id']}").status_code == 404
    assert other.get("/runs").json()["data"] == []


def test_a_caller_has_no_tool_for_what_they_may_not_do(served: Served) -> None:
    """The tools of an agent end where the rights of its caller end."""
    key = served.running.keys.make("asker", verbs=("chat",))[1]

    names = {tool["name"] for tool in Agents(served, key).get("/tools").json()["data"]}

    assert "calculate" in names
    assert not names & {"search", "read_document", "query_document", "compare_documents"}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"task": " "}, "task"),
        ({"task": "a", "budget": {"steps": 0}}, "budget.steps"),
        ({"task": "a", "budget": {"patience": 1}}, "budget.patience"),
        ({"task": "a", "tools": ["run_shell"]}, "tools"),
        ({"task": "a", "driver": "handbook/rag"}, "driver"),
        ({"task": "a", "mode": "wild"}, "mode"),
        ({"task": "a", "schema": {"type": "array"}}, "schema"),
    ],
)
def test_what_cannot_be_is_refused_at_once(served: Served, body: dict[str, object], param: str) -> None:
    """A wrong request must not become a run that fails a minute later."""
    answer = Agents(served).post("/runs", **body)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_a_plan_can_be_edited_only_while_it_matters(served: Served) -> None:
    """Nobody should believe that they changed what is over."""
    agents = Agents(served)
    begun = agents.post("/runs", task="How many days of leave are there?", approve=["ask"]).json()
    agents.ended(begun["id"])

    assert agents.post(f"/runs/{begun['id']}/plan", items=["Look twice"]).status_code == 200
    agents.post(f"/runs/{begun['id']}/stop")
    assert agents.get(f"/runs/{begun['id']}").json()["state"] == "stopped"
    assert agents.post(f"/runs/{begun['id']}/plan", items=["Too late"]).status_code == 400


def test_a_run_without_a_worker_goes_on_after_the_server_starts_again(served: Served) -> None:
    """A run is a job: what was taken down is done."""
    from lorewright.workspace.agents.runs import RunRequest, find_run, new_run

    server = served.running
    run = new_run(server, LOCAL, RunRequest(task="How many days of leave are there?"))
    server.start("agent", {"run_id": run.id, "round": 1})
    server.workers.wait()

    assert find_run(server, LOCAL, run.id).state == "finished"


def test_a_run_that_nobody_decides_on_goes_on_without_the_call(served: Served) -> None:
    """An approval that never comes must not keep what was found for ever."""
    from lorewright.workspace.agents.overdue import go_on_overdue
    from lorewright.workspace.agents.records import ENTRIES

    agents, server = Agents(served), served.running
    begun = agents.post("/runs", task="How many days of leave are there?", approve=["ask"]).json()
    assert agents.ended(begun["id"])["state"] == "waiting"
    assert go_on_overdue(server, LOCAL) == []

    entries = server.records(ENTRIES)
    for record in entries.all(parent=begun["id"]):  # three days go by
        entries.change(record.id, lambda body: {**body, "at": body["at"] - 73 * 3600})

    assert go_on_overdue(server, LOCAL) == [begun["id"]]
    server.workers.wait()
    refused = [
        entry for entry in agents.get(f"/runs/{begun['id']}").json()["trace"] if entry["kind"] == "refused"
    ]
    assert "Nobody decided within 72 hours" in refused[0]["error"]


def test_a_run_can_be_rated(served: Served) -> None:
    """Whoever reads a result says whether it was good, and may take that back."""
    agents = Agents(served)
    begun = agents.post("/runs", task="How many days of leave are there?").json()
    agents.ended(begun["id"])

    assert agents.post(f"/runs/{begun['id']}/rating", thumb="up").json()["thumb"] == "up"
    assert agents.post(f"/runs/{begun['id']}/rating", thumb="").json()["thumb"] is None
    assert agents.post(f"/runs/{begun['id']}/rating", thumb="sideways").status_code == 400


def test_a_tool_server_that_is_not_there_stands_in_the_trace(tmp_path: Path) -> None:
    """Whoever misses a tool in a run reads why it was missing."""
    folder = lay_out(tmp_path / "handbook")
    gone = '[agent.programs.gone]\ncommand = ["/nowhere/at-all"]\n'
    (folder / "lorewright.toml").write_text(f'{SETTINGS}\n[agent]\nmode = "plan"\n{gone}')
    served = Served(folder)
    try:
        agents = Agents(served)
        begun = agents.post("/runs", task="How much is 2 + 2?").json()
        agents.ended(begun["id"])
        trace = agents.get(f"/runs/{begun['id']}").json()["trace"]
    finally:
        served.close()

    missing = [entry for entry in trace if entry["kind"] == "missing"]
    assert [entry["server"] for entry in missing] == ["gone"]
    assert [entry["kind"] for entry in trace].count("task") == 1
