"""Where files that are added from outside end up: nothing is written over, nothing stays behind."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.served import lay_out

from lorewright.errors import UserError
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "desk")) as workspace:
        yield workspace


def added(workspace: Workspace, *paths: Path, is_sync: bool = False) -> dict[str, Any]:
    """Add files as the job does."""
    order = {"paths": [str(path) for path in paths], "is_sync": is_sync}
    job = workspace.queue.submit("add", order)
    result = add(workspace, order, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})
    return result


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def texts(workspace: Workspace, *below: str) -> dict[str, str]:
    """Return the text of every document but those that the domain began with."""
    ids = [name for name in workspace.documents.states() if name.startswith(below)]
    return {name: workspace.documents.get(name).text.strip() for name in ids}


def test_two_files_of_one_name_become_two_documents(workspace: Workspace, tmp_path: Path) -> None:
    """The second invoice was written over the first, without a word."""
    old = write(tmp_path / "2024/invoice.md", "The bill of 2024 is 1,200 crowns.")
    new = write(tmp_path / "2025/invoice.md", "The bill of 2025 is 3,480 crowns.")

    result = added(workspace, old, new)

    assert result["n_new"] == 2
    assert texts(workspace, "2024/", "2025/", "invoice") == {
        "2024/invoice.md": "The bill of 2024 is 1,200 crowns.",
        "2025/invoice.md": "The bill of 2025 is 3,480 crowns.",
    }
    assert set(result["notices"]) == {"2024/invoice.md", "2025/invoice.md"}


def test_a_file_of_a_name_that_is_taken_gets_a_longer_one_and_keeps_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    old = write(tmp_path / "2024/invoice.md", "The bill of 2024 is 1,200 crowns.")
    new = write(tmp_path / "2025/invoice.md", "The bill of 2025 is 3,480 crowns.")
    added(workspace, old)
    added(workspace, new)
    write(new, "The bill of 2025 is 3,500 crowns.")

    result = added(workspace, new, old)

    assert (result["n_new"], result["n_changed"], result["n_unchanged"]) == (0, 1, 1)
    assert texts(workspace, "2025/", "invoice") == {
        "2025/invoice.md": "The bill of 2025 is 3,500 crowns.",
        "invoice.md": "The bill of 2024 is 1,200 crowns.",
    }


def test_a_file_that_moved_keeps_its_document(workspace: Workspace, tmp_path: Path) -> None:
    added(workspace, write(tmp_path / "desktop/fees.md", "A copy costs 20 crowns."))
    (tmp_path / "desktop").rename(tmp_path / "archive")

    result = added(workspace, tmp_path / "archive/fees.md")

    assert (result["n_new"], result["n_unchanged"]) == (0, 1)


@pytest.fixture
def manual(workspace: Workspace, tmp_path: Path) -> Path:
    """A folder that was added, in which a file was then renamed and another one deleted."""
    folder = tmp_path / "manual"
    write(folder / "fees.md", "A copy costs 20 crowns.")
    write(folder / "hours.md", "The desk opens at nine.")
    added(workspace, folder)
    (folder / "fees.md").unlink()
    (folder / "hours.md").unlink()
    write(folder / "fees-2026.md", "A copy costs 35 crowns.")
    return folder


def test_what_a_followed_folder_no_longer_holds_goes_with_sync(workspace: Workspace, manual: Path) -> None:
    """The old fee stayed beside the new one, and the deleted page went on answering."""
    result = added(workspace, manual, is_sync=True)

    assert result["n_removed"] == 2
    assert texts(workspace, "manual/") == {"manual/fees-2026.md": "A copy costs 35 crowns."}
    assert not (workspace.documents_folder / "manual/fees.md").exists()


def test_without_sync_what_a_folder_no_longer_holds_is_named(workspace: Workspace, manual: Path) -> None:
    result = added(workspace, manual)

    assert (result["n_new"], result["n_removed"]) == (1, 0)
    assert result["notices"]["manual"] == [
        "2 documents no longer in this folder: manual/fees.md, manual/hours.md. "
        "Remove with: lorewright add --sync manual"
    ]


def test_an_empty_folder_empties_nothing(workspace: Workspace, manual: Path) -> None:
    """A disk that is not mounted looks like a folder from which all was deleted."""
    shutil.rmtree(manual)
    manual.mkdir()

    result = added(workspace, manual, is_sync=True)

    assert result["n_removed"] == 0
    assert result["notices"]["manual"] == ["the folder is empty; its 2 documents are kept"]


def test_documents_that_came_another_way_stay(workspace: Workspace, manual: Path, tmp_path: Path) -> None:
    """Sync of one folder removes nothing that was uploaded, or brought in from another folder."""
    write(workspace.documents_folder / "manual/uploaded.md", "Bring a stamp.")
    added(workspace, write(tmp_path / "other/manual/rules.md", "No shouting.").parent)

    added(workspace, manual, is_sync=True)

    assert set(texts(workspace, "manual/")) == {
        "manual/fees-2026.md",
        "manual/rules.md",
        "manual/uploaded.md",
    }


def test_what_makes_the_domain_is_not_added_with_the_folder_it_is_in(workspace: Workspace) -> None:
    """`lorewright add .` made documents of the questions: each would have found its own answer."""
    write(workspace.questions_folder / "held-out.jsonl", '{"question": "How long?", "answer": "3 months"}\n')
    write(workspace.examples_folder / "pairs.jsonl", '{"prompt": "a", "completion": "b"}\n')
    write(workspace.folder / "notes/parking.md", "Visitors park in row A.")

    result = added(workspace, workspace.folder)

    assert texts(workspace, "desk/") == {"desk/notes/parking.md": "Visitors park in row A."}
    assert result["notices"]["desk"][0].startswith("3 files of the domain itself")


def test_the_state_of_the_domain_is_no_document(workspace: Workspace) -> None:
    """Its database holds everybody's chats; as a document it could be fetched by every reader."""
    result = added(workspace, workspace.state_folder)

    assert result["n_new"] == 0
    assert not (workspace.documents_folder / workspace.state_folder.name).exists()


def test_a_documents_folder_that_is_gone_removes_nothing(workspace: Workspace) -> None:
    """A drive that is not mounted looks like a folder that somebody deleted; an empty folder is meant."""
    added(workspace, is_sync=True)
    known = set(workspace.documents.states())
    away = workspace.documents_folder.rename(workspace.folder / "away")

    with pytest.raises(UserError, match="documents/ is missing, so nothing was removed"):
        added(workspace, is_sync=True)
    assert known
    assert set(workspace.documents.states()) == known

    away.rename(workspace.documents_folder)
    for path in workspace.documents_folder.iterdir():
        path.unlink()
    assert added(workspace, is_sync=True)["n_removed"] == len(known)
