"""What an adapter learns from besides what its examples say: the documents they name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.tiny_base import write_tiny_gguf
from tests.fixtures.tuning_settings import SETTINGS

from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.tuning.tune import tune

pytestmark = pytest.mark.thorough

EXAMPLES: list[dict[str, Any]] = [
    {"question": f"What is thing {n}?", "answer": f"Thing {n} is blue.", "document_ids": ["things.md"]}
    for n in range(16)
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    base = write_tiny_gguf(tmp_path / "tiny.gguf")
    folder = tmp_path / "desk"
    (folder / "documents").mkdir(parents=True)
    (folder / "examples").mkdir()
    (folder / "questions").mkdir()
    held_out = {"question": "Who may come in on Fridays?", "answer": "Dogs."}
    (folder / "questions" / "q.jsonl").write_text(json.dumps(held_out) + "\n")
    (folder / "documents" / "things.md").write_text("# Things\n\nEvery thing is blue, thing 1 too.\n")
    (folder / "documents" / "more.md").write_text("# More\n\nThing 1 was green.\n")
    (folder / "lorewright.toml").write_text(SETTINGS.format(base=base))
    with Workspace(folder) as workspace:
        write(workspace, EXAMPLES)
        yield workspace


def write(workspace: Workspace, examples: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(example) + "\n" for example in examples)
    (workspace.examples_folder / "a.jsonl").write_text(text)


def trained(workspace: Workspace) -> dict[str, str]:
    """Return the run of each adapter after tuning was asked for."""
    job = workspace.queue.submit("tune", {"only": None})
    told = tune(workspace, {"only": None}, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, told)
    return {kind: run["id"] for kind, run in told["runs"].items()}


def test_other_documents_of_examples_train_the_context_adapter_anew(workspace: Workspace) -> None:
    """What an answer is cited from is learned; the bare adapter never sees it."""
    first = trained(workspace)
    assert trained(workspace) == first

    cited = [{**example, "document_ids": ["more.md"]} for example in EXAMPLES]
    write(workspace, cited)
    second = trained(workspace)

    assert second["context"] != first["context"]
    assert second["bare"] == first["bare"]
