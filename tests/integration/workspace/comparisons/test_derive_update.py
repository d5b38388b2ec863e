"""An update drill from a folder with the documents as they will be."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import InUse, NothingMeasured, UserError
from lorewright.evaluation import read_questions
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.comparisons.derive_update import derive_update
from lorewright.workspace.documents.add import add


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = lay_out(tmp_path / "handbook")
    (folder / "questions").mkdir()
    asked = [("How many days of leave?", "28 days", "leave.md"), ("How to travel?", "by train", "travel.md")]
    rows = [{"question": text, "answers": [answer], "document_ids": [name]} for text, answer, name in asked]
    (folder / "questions" / "held.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with Workspace(folder) as workspace:
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
        yield workspace


def test_a_folder_with_the_next_release_is_an_update_drill(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody writes a drill by hand; everybody has last month's documents and this month's."""
    later = tmp_path / "later"
    shutil.copytree(workspace.folder / "documents", later)
    (later / "leave.md").write_text("# Leave\n\nEvery employee has 30 days of leave a year.\n")
    (later / "travel.md").unlink()

    update = derive_update(workspace, LOCAL, later)

    assert (update.changed, update.removed, update.n_questions) == (("leave.md",), ("travel.md",), 1)
    (question,) = read_questions(workspace.update_folder / "questions.jsonl")
    assert (question.targets, question.stale_targets) == (("30 days",), ("28 days",))
    assert (workspace.update_folder / "documents" / "leave.md").read_text().count("30 days") == 1
    assert (workspace.update_folder / "removed.txt").read_text() == "travel.md\n"
    assert derive_update(workspace, LOCAL, later) == update  # a derived one is replaced


def test_an_update_that_somebody_wrote_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.update_folder / "documents").mkdir(parents=True)
    with pytest.raises(InUse, match="holds an update already"):
        derive_update(workspace, LOCAL, tmp_path)
    assert list(workspace.update_folder.iterdir()) == [workspace.update_folder / "documents"]


def test_a_folder_that_changes_no_answer_is_said_to(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NothingMeasured, match="0 documents changed"):
        derive_update(workspace, LOCAL, workspace.folder / "documents")
    with pytest.raises(UserError, match="No folder at"):
        derive_update(workspace, LOCAL, tmp_path / "nowhere")
