"""An index that the settings do not fit any more is built anew when asked to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.api.conftest import lay_out

from lorewright.errors import IndexMismatch
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.add import add
from lorewright.workspace.rebuild import needs_rebuild
from lorewright.workspace.settings_file import change_settings


def added(workspace: Workspace, **order: bool) -> None:
    """Add the documents folder, as the job does."""
    wanted = {"paths": [], "is_sync": True, **order}
    job = workspace.queue.submit("add", wanted)
    add(workspace, wanted, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = lay_out(tmp_path / "handbook")
    long = "\n\n".join(f"Paragraph {n} tells of many things that matter little here." for n in range(30))
    (folder / "documents" / "long.md").write_text(f"# Long\n\n{long}\n")
    return folder


def test_other_chunks_need_a_new_index_and_get_one(folder: Path) -> None:
    with Workspace(folder) as workspace:
        added(workspace)
        n_before = workspace.collection.n_chunks
        change_settings(workspace, {"retrieval.chunk_tokens": 32})
        assert "chunk_tokens" in needs_rebuild(workspace)
        with pytest.raises(IndexMismatch, match="chunk_tokens") as refused:
            added(workspace)
        assert "--rebuild" in refused.value.hint

        added(workspace, is_rebuild=True)

        assert needs_rebuild(workspace) == ""
        assert workspace.collection.n_chunks > n_before
        assert workspace.collection.search("days of leave")[0].chunk.document_id == "leave.md"
        assert workspace.documents.n_characters_to_index() == 0


def test_a_server_sees_the_index_that_another_process_built(folder: Path) -> None:
    with Workspace(folder) as serving:
        added(serving)
        assert serving.collection.search("days of leave")
        command = [sys.executable, "-m", "lorewright.cli", "add", "--rebuild"]
        subprocess.run(command, cwd=folder, check=True, timeout=120, env=dict(os.environ))

        assert serving.collection.search("days of leave")[0].chunk.document_id == "leave.md"
        assert len(serving.collection.text_hashes()) == 3


def test_a_rebuild_goes_on_with_what_it_finished(folder: Path) -> None:
    """Killed midway, nothing that is in the new index is embedded again."""
    with Workspace(folder) as workspace:
        added(workspace)
        aside = workspace.open_collection(workspace.state_folder / "index-aside")
        aside.add([workspace.documents.get("leave.md")])

        added(workspace, is_rebuild=True)

        assert len(workspace.collection.text_hashes()) == 3
        assert not (workspace.state_folder / "index-aside").exists()
