"""Plug-ins of every kind, from an installed package to what the command line shows."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fixtures.command_line import Domain
from tests.fixtures.tiny_base import write_tiny_gguf

PACKAGE = Path(__file__).parents[1] / "fixtures" / "plugin_package"
NAMES = {
    "reader": "chat-log", "chunker": "paragraphs", "embedder": "trigrams", "reranker": "short-first",
    "engine": "quoting", "trainer": "shortest-rows", "scorer": "brevity", "node": "signature",
    "tool": "days_between",
}  # fmt: skip
SETTINGS = """
[models]
embedding = "trigrams"
chat = "quoting:first"
[documents]
chunker = "paragraphs"
[tools.dates]
plugins = ["days_between"]
"""
LOG = "09:12 Ana: The printer on floor 3 needs toner.\n09:15 Ben: Toner lies in room 12.\n"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of plug-ins, installed by pip into a folder of its own."""
    folder = tmp_path_factory.mktemp("plugins")
    source = shutil.copytree(PACKAGE, folder / "source")  # a build writes beside what it builds
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
         "--no-deps", "--no-build-isolation", "--target", str(folder / "installed"), str(source)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return folder / "installed"


@pytest.fixture
def desk(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    """A domain whose settings name plug-ins, with a page and a file that only a plug-in reads."""
    path = os.pathsep.join(filter(None, [str(installed), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYTHONPATH", path)
    made = Domain(tmp_path / "desk", tmp_path / "cache")
    made.write("lorewright.toml", SETTINGS)
    made.write("documents/leave.md", "# Leave\n\nEveryone has 28 days of leave a year.\n\nAsk early.\n")
    made.write("documents/monday.chatlog", LOG)
    return made


def test_doctor_lists_what_an_installed_package_brings(desk: Domain) -> None:
    """Whoever installs a plug-in wants to see that lorewright found it."""
    listed = desk.json("doctor", "--plugins")

    assert {plugin["kind"]: plugin["name"] for plugin in listed} == NAMES
    assert {(plugin["distribution"], plugin["version"]) for plugin in listed} == {("desk-plugins", "1.2.0")}
    assert [plugin["error"] for plugin in listed if plugin["error"]] == []
    assert "chat-log" in desk.run("doctor", "--plugins")


def test_documents_are_read_cut_embedded_and_reranked_by_plugins(desk: Domain) -> None:
    added = desk.json("add", "--sync")
    hits = desk.json("search", "tonr for the prnter")

    assert added["unreadable"] == {}
    assert added["n_new"] == 2
    best = hits[0]["chunk"]
    assert (best["document_id"], best["text"]) == (
        "monday.chatlog", "**Ana** (09:12): The printer on floor 3 needs toner.",
    )  # fmt: skip
    texts = {hit["chunk"]["text"] for hit in desk.json("search", "leave", "-n", "10")}
    assert {"Everyone has 28 days of leave a year.", "Ask early."} <= texts, "a chunk is a paragraph"

    reranked = desk.json("search", "days of leave", "-n", "10", "--rerank", "short-first")
    lengths = [len(hit["chunk"]["text"]) for hit in reranked]
    assert lengths == sorted(lengths)


def test_a_reader_of_a_plugin_can_take_the_place_of_ours(desk: Domain) -> None:
    """A better reader for a kind of file is what most plug-ins will be."""
    desk.write("lorewright.toml", SETTINGS.replace("[tools", '[documents.readers]\nlog = "chat-log"\n[tools'))
    desk.write("documents/tuesday.log", LOG.replace("room 12", "room 14"))  # equal texts are shown once
    desk.json("add", "--sync")

    hits = desk.json("search", "toner", "-n", "10")

    assert {"**Ben** (09:15): Toner lies in room 14."} <= {
        hit["chunk"]["text"] for hit in hits if hit["chunk"]["document_id"] == "tuesday.log"
    }


def test_an_index_is_not_mixed_from_two_chunkers(desk: Domain) -> None:
    desk.json("add", "--sync")
    desk.write("lorewright.toml", SETTINGS.replace('"paragraphs"', '"structure"'))
    desk.write("documents/new.md", "# New\n\nA new page.\n")

    told = desk.run("add", "--sync", code=2)

    assert "was built with chunker 'paragraphs'; now it is 'structure'" in told
    assert "lorewright add --rebuild" in told
    assert desk.json("add", "--rebuild")["n_chunks"] > 0


def test_a_flow_runs_on_the_engine_node_tool_and_reranker_of_plugins(desk: Domain) -> None:
    desk.json("add", "--sync")
    desk.write("flow.json", json.dumps(signed_flow()))
    desk.write("dates.json", json.dumps(date_flow()))

    answer = desk.json("ask", "How many days of leave has everyone?", "--flow", "flow.json")
    assert answer["text"] == "Everyone has 28 days of leave a year.\n\nYour help desk"
    assert "28 days of leave a year" in desk.run("ask", "How many days of leave has everyone?")

    answer = desk.json("ask", "How long is it?", "--flow", "dates.json")
    assert answer["text"] == "There are 31 days between 2026-01-01 and 2026-02-01."


def test_a_tool_is_not_called_with_arguments_it_does_not_take(desk: Domain) -> None:
    desk.write("dates.json", json.dumps(date_flow(arguments='{"first": "2026-01-01"}')))

    told = desk.run("ask", "How long is it?", "--flow", "dates.json", code=1)

    assert "rejected the arguments: 'last' is a required property." in told


def test_an_adapter_is_trained_and_answers_are_scored_by_plugins(desk: Domain, tmp_path: Path) -> None:
    base = write_tiny_gguf(tmp_path / "tiny.gguf")
    trained = f'[tuning]\ntrainer = "shortest-rows"\nbase = "file:{base}"\nepochs = 1.0\n'
    desk.write("lorewright.toml", SETTINGS + trained)
    rows = [{"prompt": f"How many days has team {n}? {'Please. ' * (n % 2)}",
             "completion": "28" if n % 8 else "30"} for n in range(64)]  # fmt: skip
    desk.write("examples/desk.jsonl", "\n".join(map(json.dumps, rows)))
    desk.write("questions/held.jsonl", '{"question": "How many days of leave?", "answers": ["28"]}\n')

    tuned = desk.json("tune", "--only", "bare")
    compared = desk.json("compare", "--arms", "base,rag", "--no-drill")

    metrics = tuned["runs"]["bare"]["metrics"]
    assert metrics["n_rows"] < tuned["n_examples_read"] / 2 + 1
    reports = {report["arm"]: report["metrics"] for report in compared["comparison"]["reports"]}
    assert reports["rag"]["brevity"]["mean"] == 1.0


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A package whose plug-ins cannot be used: no such module, no such kind, no tool."""
    folder = tmp_path / "acme"
    info = folder / "acme-0.3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 0.3\n")
    (info / "entry_points.txt").write_text(
        "[lorewright.embedder]\nacme = no_such_module:thing\n[lorewright.readers]\nwarp = acme:read\n"
        "[lorewright.tool]\npi = math:pi\n"
    )
    return folder


def test_a_plugin_that_is_broken_is_named_with_its_package(
    acme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bad package must not stop what does not need it, and must be found by who looks for it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(acme), os.environ.get("PYTHONPATH", "")]))
    desk = Domain(tmp_path / "desk", tmp_path / "cache")
    desk.write("lorewright.toml", '[models]\nembedding = "hashing"\nchat = "file:/no/model.gguf"\n')
    desk.write("documents/leave.md", "# Leave\n\nEveryone has 28 days of leave a year.\n")
    assert desk.json("add", "--sync")["n_new"] == 1

    doctor = desk.start("doctor", "--plugins", "--json")
    errors = {one["name"]: one["error"] for one in json.loads(doctor.communicate(timeout=60)[0])}
    assert doctor.returncode == 1
    assert "'acme' of acme 0.3 does not load: ModuleNotFoundError" in errors["acme"]
    assert "math:pi must be a lorewright.tools.PluginTool" in errors["pi"]
    assert "unknown kind 'readers': use one of" in errors["warp"]

    desk.write("lorewright.toml", '[models]\nembedding = "acme"\n')
    told = desk.run("search", "leave", code=2)
    assert "The embedder 'acme' of acme 0.3 does not load" in told


def signed_flow() -> dict[str, object]:
    """Return the flow that retrieves, reranks, quotes, and signs, each in a plug-in."""
    return {
        "name": "signed",
        "nodes": [
            {"id": "question", "kind": "question"},
            {"id": "retrieve", "kind": "retrieve", "params": {"n": 4}},
            {"id": "rerank", "kind": "rerank",
             "params": {"method": "plug-in", "plugin": "short-first", "n_kept": 4}},
            {"id": "prompt", "kind": "prompt", "params": {"instruction": "Answer."}},
            {"id": "generate", "kind": "generate"},
            {"id": "sign", "kind": "signature"},
            {"id": "answer", "kind": "answer"},
        ],
        "edges": [
            edge("question", "conversation", "retrieve", "conversation"),
            edge("question", "conversation", "rerank", "conversation"),
            edge("question", "conversation", "prompt", "conversation"),
            edge("retrieve", "hits", "rerank", "hits"),
            edge("rerank", "hits", "prompt", "hits"),
            edge("prompt", "messages", "generate", "messages"),
            edge("generate", "draft", "sign", "draft"),
            edge("sign", "draft", "answer", "draft"),
        ],
    }  # fmt: skip


def date_flow(arguments: str = '{"first": "2026-01-01", "last": "2026-02-01"}') -> dict[str, object]:
    """Return the flow whose answer is what a tool says."""
    call = {"server": "dates", "tool": "days_between", "arguments": arguments}
    return {
        "name": "dates",
        "nodes": [
            {"id": "question", "kind": "question"},
            {"id": "call", "kind": "tool", "params": call},
            {"id": "answer", "kind": "answer"},
        ],
        "edges": [
            edge("question", "conversation", "call", "conversation"),
            edge("call", "draft", "answer", "draft"),
        ],
    }


def edge(source: str, output: str, target: str, port: str) -> dict[str, str]:
    return {"source": source, "source_port": output, "target": target, "target_port": port}
