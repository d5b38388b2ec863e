"""A classifier that was really tuned as a tool of fixed steps: a text sorted, and its rule looked up."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import LOCAL
from lorewright.jobs import Steps
from lorewright.models import Engine, EngineKey
from lorewright.workspace.agents.perform import entries_of
from lorewright.workspace.agents.runs import RunRequest, find_run, start_run
from lorewright.workspace.documents.add import sync_documents
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.tune import tune

PAGES = {
    "damage.md": "# Damage\n\nDamage must be reported by telephone within 24 hours.\n",
    "late-returns.md": "# Late returns\n\nA late return costs 40 % of the daily rate a day.\n",
    "parking.md": "# Parking\n\nThe yard has twelve places for vans.\n",
}
TICKETS = {
    "damage": "the handle of the saw is broken and the motor smokes",
    "late_return": "we bring the trailer back too late because of traffic",
    "other": "can you recommend a bakery near the station",
}
SETTINGS = """
[models]
embedding = "hashing"
[agent.models]
"yard/tuned" = "Says which category a ticket is: damage, late_return or other."
"""


def examples() -> Iterator[dict[str, str]]:
    for label, text in TICKETS.items():
        words = text.split()
        for number in range(9):
            turned = [*words[number % 5 :], *words[: number % 5]]
            yield {"question": f"{' '.join(turned)} {number}", "answer": label}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "yard"
    for name in ("documents", "examples", "questions"):
        (folder / name).mkdir(parents=True)
    (folder / "lorewright.toml").write_text(SETTINGS)
    for name, text in PAGES.items():
        (folder / "documents" / name).write_text(text)
    lines = [json.dumps(row) for row in examples()]
    (folder / "examples" / "tickets.jsonl").write_text("\n".join(lines))
    held_out = {"question": "Is the yard open on Sundays?", "answer": "other"}
    (folder / "questions" / "q.jsonl").write_text(json.dumps(held_out) + "\n")
    with closing(Server(folder, open_one=_no_model)) as server:
        yield server


def _no_model(key: EngineKey) -> Engine:
    raise AssertionError(f"{key.uri} is not needed: fixed steps, a classifier and quotes load no chat model")


def tuned(server: Server) -> None:
    workspace = server.workspace
    job = workspace.queue.submit("tune", {"only": "classifier"})
    steps = Steps(workspace.queue, job.id, 1)
    sync_documents(workspace, LOCAL, steps)
    tune(workspace, {"only": "classifier"}, steps)


def done(server: Server, task: str) -> tuple[Any, list[str]]:
    """Return the outcome of a run, and the tools it called."""
    run = start_run(server, LOCAL, RunRequest(task=task, mode="plan"))
    server.workers.wait()
    calls = [entry["tool"] for entry in entries_of(server, run.id) if entry["kind"] == "call"]
    return find_run(server, LOCAL, run.id).outcome, calls


def test_a_ticket_is_sorted_and_its_rule_is_quoted_with_its_place(server: Server) -> None:
    tuned(server)
    outcome, calls = done(
        server, 'Classify this ticket and look up the rule for it: "The trailer comes back too late."'
    )
    assert calls == ["plan", "model_yard_tuned", "search", "ask"]
    assert outcome["text"].startswith("late_return")
    assert outcome["text"].endswith("A late return costs 40 % of the daily rate a day.")
    assert "nearest passage" not in outcome["text"]
    cited = {citation["document_id"] for citation in outcome["citations"]}
    assert {"tool:model_yard_tuned", "late-returns.md"} <= cited
    assert "parking.md" not in cited


def test_before_it_is_tuned_the_answer_says_so(server: Server) -> None:
    """An agent that quietly leaves out the model would answer another task."""
    outcome, _ = done(server, 'Classify this ticket: "The motor smokes."')
    assert "needs the classifier, which is not trained yet" in outcome["text"]
    assert "lorewright tune" in outcome["text"]
