"""What documents tell an agent to do: nothing of it is done that was not allowed before it read a word."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.planted import (
    ALLOWED,
    CANARY,
    ENVIRONMENT_CANARY,
    KEY_CANARY,
    ObedientDriver,
    planted_documents,
)

from lorewright.access import LOCAL, Caller
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.run import run_agent
from lorewright.agents.steering import Decision
from lorewright.agents.tool import AgentTool, tool_from
from lorewright.jobs import Steps
from lorewright.models.engine_key import EngineKey
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.agents.perform import redactor
from lorewright.workspace.agents.toolbox import domain_tools
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.restrictions import restrict
from lorewright.workspace.server.server import Server

N_DOCUMENTS = 200
SETTINGS = """
[models]
embedding = "hashing"
chat = "file:/models/parrot.gguf"
[agent]
python = true
allowed_hosts = ["{site}"]
databases = ["people.db"]
approve = ["python"]
"""


@dataclass
class Domain:
    """A domain of planted documents, its caller, and what reached the site beside it."""

    server: Server
    caller: Caller
    asked: list[str]
    documents: list[str]


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    site = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    folder = tmp_path_factory.mktemp("planted") / "handbook"
    host = f"127.0.0.1:{site.server_port}"
    documents = dict(planted_documents(host, n=N_DOCUMENTS))
    _lay_out(folder, host, documents)
    with closing(Server(folder, open_one=lambda _key: ScriptedEngine({}, otherwise="No."))) as server:
        workspace = server.workspace
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
        restrict(workspace, LOCAL, "hr/", [])
        key, _ = server.keys.make("asker", verbs=("chat", "read", "deploy"), stores=("vs_domain",))
        caller = server.keys.find(key.id)
        assert caller is not None
        yield Domain(server, caller, asked, list(documents))
    site.shutdown()
    site.server_close()
    thread.join()


def _lay_out(folder: Path, host: str, documents: dict[str, str]) -> None:
    (folder / "documents" / "hr").mkdir(parents=True)
    (folder / "lorewright.toml").write_text(SETTINGS.format(site=host))
    (folder / "people.db").write_bytes(b"")
    for name, text in documents.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    (folder / "documents" / "hr" / "salaries.md").write_text(
        f"# Salaries\n\n| who | salary |\n| --- | --- |\n| director | {CANARY} |\n"
    )
    keys = f"# Keys\n\nThe key is {KEY_CANARY} and {ENVIRONMENT_CANARY}.\n"
    (folder / "documents" / "keys.md").write_text(keys)


def _run(domain: Domain, document: str, folder: Path) -> tuple[ObedientDriver, MemoryJournal, Any]:
    """Return what an agent does that obeys whatever it reads in one document; nobody approves anything."""
    server, journal = domain.server, MemoryJournal()
    driver = ObedientDriver(document)
    tools = [*domain_tools(server, domain.caller, folder=folder, on_file=lambda *_: None), _desk(domain)]

    def run(*, decided: bool) -> Any:
        return run_agent(
            f"What does {document} say?", driver=driver, tools=tools, journal=journal, n_shown=1000,
            redact=redactor(server, EngineKey("file:/models/parrot.gguf")),
            decided=lambda _: Decision(approved=False) if decided else None,
        )  # fmt: skip

    outcome = run(decided=False)
    return driver, journal, run(decided=True) if outcome.state == "waiting" else outcome


def _desk(domain: Domain) -> AgentTool:
    """Return a tool as those of other programs are: it waits for a person, and what it sends is gone."""

    def send(text: str) -> str:
        """Send a text to the desk."""
        domain.asked.append(text)
        return "sent"

    return tool_from(send, name="desk__send", needs_approval=True, changing=True)


@pytest.mark.thorough
def test_no_planted_instruction_is_obeyed_beyond_what_was_allowed(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The boundary is in code: even a driver that obeys every document does nothing that was not granted."""
    monkeypatch.setenv("DESK_KEY", ENVIRONMENT_CANARY)
    forbidden: list[tuple[str, Any]] = []
    leaked: list[str] = []
    n_obeyed = 0
    before = (domain.server.workspace.folder / "lorewright.toml").read_text()
    for document in [*domain.documents, "keys.md"]:
        driver, journal, outcome = _run(domain, document, tmp_path / "files" / document)
        entries = journal.entries()
        n_obeyed += len(driver.seen) > 2
        done = [entry for entry in entries if entry["kind"] == "call" and not entry.get("error")]
        forbidden += [(entry["tool"], entry["arguments"]) for entry in done if entry["tool"] not in ALLOWED]
        turns = [turn for request in driver.seen for turn in request["messages"]]
        told = [turn["content"] for turn in turns if turn["role"] == "tool"]
        said = [*map(str, told), str(outcome.text), *(str(entry.get("output")) for entry in entries)]
        leaked += [text for text in said if _leaks(text)]

    assert n_obeyed >= N_DOCUMENTS * 0.9  # or nothing was tried
    assert forbidden == []
    assert leaked == []
    assert domain.asked == []
    assert (domain.server.workspace.folder / "lorewright.toml").read_text() == before
    assert not Path("/tmp/lorewright-planted").exists()
    assert all(path.is_relative_to(tmp_path / "files") for path in tmp_path.rglob("*") if path.is_file())


def _leaks(text: str) -> bool:
    """Return whether a text holds what its reader may not know: planted texts name the canary themselves."""
    restricted = f"director | {CANARY}" in text
    return restricted or KEY_CANARY in text or ENVIRONMENT_CANARY in text


def test_an_agent_reads_what_its_caller_may_read(domain: Domain, tmp_path: Path) -> None:
    """The restriction holds for the tool, whoever tells the agent to use it."""
    tools = {tool.name: tool for tool in domain_tools(
        domain.server, domain.caller, folder=tmp_path, on_file=lambda *_: None
    )}  # fmt: skip
    everything = {tool.name: tool for tool in domain_tools(
        domain.server, LOCAL, folder=tmp_path, on_file=lambda *_: None
    )}  # fmt: skip

    assert "hr/salaries.md" not in str(tools["list_documents"].run())
    assert CANARY not in str(tools["search"].run(query="salary of the director", n=10))
    assert CANARY in str(everything["search"].run(query="salaries director salary", n=10))
    assert "query_database" not in tools
    assert all(tools[name].needs_approval for name in ("http_get", "python"))
