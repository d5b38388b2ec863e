"""What a model knows before it is tuned, and what that says about tuning."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import TooFewExamples, UserError
from lorewright.jobs import Steps
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.knowledge import probe_knowledge
from lorewright.workspace.documents.add import add

KNOWN = [(f"What is the capital of land {name}?", f"It is {name}ville") for name in "ABCDEF"]
IN_DOCUMENTS = [("How many days of leave has an employee?", "28 days of leave a year")]
NOWHERE = [(f"Who wrote book {name}?", f"It was {name}berta Smithson") for name in "GHIJK"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = lay_out(tmp_path / "handbook")
    rows = [
        {"prompt": question, "completion": answer} for question, answer in (*KNOWN, *IN_DOCUMENTS, *NOWHERE)
    ]
    (folder / "examples").mkdir()
    (folder / "examples" / "facts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "questions").mkdir()
    (folder / "questions" / "held.jsonl").write_text('{"question": "Is tea served?", "answers": ["yes"]}')
    with Workspace(folder) as workspace:
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
        yield workspace


def test_what_the_model_knows_is_told_from_what_it_would_have_to_make_up(workspace: Workspace) -> None:
    engine = ScriptedEngine(dict(KNOWN), otherwise="I do not know.")
    probed = probe_knowledge(workspace, LOCAL, n=12, engine=engine)

    states = {example.question: example.state for example in probed.examples}
    assert all(states[question] == "known" for question, _ in KNOWN)
    assert all(states[question] == "unknown" for question, _ in (*IN_DOCUMENTS, *NOWHERE))
    text = " ".join(probed.advice)
    assert "scripted knows 50% of 12 sampled examples" in text
    assert "Leave 1 of 6 unknown facts to the documents" in text
    assert "do not hold 5 of 6 unknown facts" in text
    assert "Tuning on facts that the model does not know teaches it to make facts up" in text


def test_labels_are_no_facts(workspace: Workspace) -> None:
    labels = ("billing", "delivery", "other")
    rows = [
        {"prompt": f"Ticket number {number} please", "completion": labels[number % 3]} for number in range(60)
    ]
    (workspace.folder / "examples" / "facts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(UserError, match="The answers are 3 labels"):
        probe_knowledge(workspace, LOCAL)


def test_too_few_examples_are_counted(workspace: Workspace) -> None:
    (workspace.folder / "examples" / "facts.jsonl").write_text('{"prompt": "A?", "completion": "B"}')
    with pytest.raises(TooFewExamples, match="the probe needs 10"):
        probe_knowledge(workspace, LOCAL)
