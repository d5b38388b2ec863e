"""An index that the settings do not fit any more is built anew when asked to."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import IndexMismatch
from lorewright.jobs import Steps
from lorewright.knowledge.index_location import current_place, other_place
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.rebuild import needs_rebuild
from lorewright.workspace.domain.settings_file import write_settings

pytestmark = pytest.mark.thorough


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
        write_settings(workspace, {"retrieval.chunk_tokens": 32})
        assert "chunk_tokens" in needs_rebuild(workspace, LOCAL)
        (folder / "documents" / "new.md").write_text("# New\n\nA new page.\n")
        with pytest.raises(IndexMismatch, match="chunk_tokens") as refused:
            added(workspace)
        assert "--rebuild" in refused.value.hint

        added(workspace, is_rebuild=True)

        assert needs_rebuild(workspace, LOCAL) == ""
        assert workspace.collection.n_chunks > n_before
        assert workspace.collection.search("days of leave")[0].chunk.document_id == "leave.md"
        assert workspace.documents.n_characters_to_index() == 0


def test_files_are_read_again_as_this_release_reads_them(folder: Path) -> None:
    """What an earlier release made of a file stays until then, since the file did not change."""
    with Workspace(folder) as workspace:
        added(workspace)
        read = workspace.documents.get("leave.md")
        before = replace(read, text="As an earlier release read it.")
        workspace.documents.save(before, file_hash=workspace.documents.states()["leave.md"].file_hash)
        added(workspace, is_sync=True)
        assert workspace.documents.get("leave.md").text == before.text

        added(workspace, is_rebuild=True)

        assert workspace.documents.get("leave.md").text == read.text
        assert workspace.collection.search("days of leave")[0].chunk.document_id == "leave.md"


def test_a_server_sees_the_index_that_another_process_built(folder: Path) -> None:
    with Workspace(folder) as serving:
        added(serving)
        assert serving.collection.search("days of leave")
        command = [sys.executable, "-m", "lorewright.cli", "add", "--rebuild"]
        subprocess.run(command, cwd=folder, check=True, timeout=120, env=dict(os.environ))

        assert serving.collection.search("days of leave")[0].chunk.document_id == "leave.md"
        assert len(serving.collection.text_hashes()) == 3


def test_the_old_index_answers_until_the_new_one_takes_its_place(folder: Path) -> None:
    """A change of settings must not leave a helpdesk without answers for the hours that a rebuild takes."""
    with Workspace(folder) as serving, Workspace(folder) as building:
        added(serving)
        before = serving.collection.search("days of leave")
        write_settings(serving, {"retrieval.chunk_tokens": 32})
        building.reload()
        n_before = serving.collection.n_chunks
        half = building.open_collection(other_place(folder / ".lorewright" / "index"))
        half.add([building.documents.get("leave.md")])

        assert [hit.chunk for hit in serving.collection.search("days of leave")] == [
            hit.chunk for hit in before
        ]
        assert serving.collection.n_chunks == n_before
        assert serving.collection.chunks_of("long.md")

        added(building, is_rebuild=True)

        assert serving.collection.n_chunks > n_before
        assert serving.collection.search("days of leave")[0].chunk.document_id == "leave.md"


def test_a_rebuild_killed_midway_leaves_the_old_index_and_is_finished_later(folder: Path) -> None:
    for n in range(300):
        (folder / "documents" / f"room-{n}.md").write_text(f"# Room {n}\n\nRoom {n} has {n} tables.\n")
    index = folder / ".lorewright" / "index"
    with Workspace(folder) as serving:
        added(serving)
        write_settings(serving, {"retrieval.chunk_tokens": 32})
        half = serving.open_collection(other_place(index))
        command = [sys.executable, "-m", "lorewright.cli", "add", "--rebuild"]
        process = subprocess.Popen(command, cwd=folder, start_new_session=True, env=dict(os.environ))
        while half.n_chunks == 0 and process.poll() is None:
            pass
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        assert half.n_chunks > 0
        assert current_place(index) == index, "it was killed before the stroke"
        assert serving.collection.search("room 299")[0].chunk.document_id == "room-299.md"

        subprocess.run(command, cwd=folder, check=True, timeout=120, env=dict(os.environ))

        assert current_place(index) != index
        assert needs_rebuild(serving, LOCAL) == ""
        assert len(serving.collection.text_hashes()) == 303
        assert not (index / "chunk.lance").exists()


def test_a_rebuild_killed_after_the_stroke_leaves_the_new_index(folder: Path) -> None:
    """All that is left to do then is to take away the old one."""
    index = folder / ".lorewright" / "index"
    with Workspace(folder) as workspace:
        added(workspace)
        write_settings(workspace, {"retrieval.chunk_tokens": 32})
        place = other_place(index)
        built = workspace.open_collection(place)
        built.add([workspace.documents.get(name) for name in workspace.documents.states()])
        (index / "current").write_text(place.name)

        assert workspace.collection.n_chunks == built.n_chunks
        added(workspace)
        added(workspace, is_rebuild=True)

        assert len(workspace.collection.text_hashes()) == 3
        assert [path.name for path in index.iterdir() if path.is_dir()] == ["b"]


def test_a_rebuild_goes_on_with_what_it_finished(folder: Path) -> None:
    """Killed midway, nothing that is in the new index is embedded again."""
    with Workspace(folder) as workspace:
        added(workspace)
        aside = workspace.open_collection(other_place(workspace.state_folder / "index"))
        aside.add([workspace.documents.get("leave.md")])

        added(workspace, is_rebuild=True)

        assert len(workspace.collection.text_hashes()) == 3
        assert current_place(workspace.state_folder / "index").name == "a"
