"""A backup holds the domain as it was, whoever writes meanwhile; a file that holds less is refused."""

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.rights_world import NOBODY
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import AlreadyADomain, InvalidBackup, NotAllowed
from lorewright.jobs import Steps
from lorewright.progress import quiet
from lorewright.workspace import Workspace
from lorewright.workspace.accounts.preferences import set_preference
from lorewright.workspace.documents.add import add, reconcile
from lorewright.workspace.domain.backup import MANIFEST, back_up, restore
from lorewright.workspace.server.server import Server


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "desk")) as workspace:
        _sync(workspace)
        yield workspace


def _sync(workspace: Workspace) -> None:
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})


def _texts(workspace: Workspace) -> dict[str, str]:
    return {name: workspace.documents.get(name).text for name in workspace.documents.states()}


def test_a_restored_domain_answers_as_the_one_before(workspace: Workspace, tmp_path: Path) -> None:
    made = back_up(workspace, LOCAL, tmp_path / "desk.tar.gz", quiet)

    assert restore(tmp_path / "desk.tar.gz", tmp_path / "again", quiet).domain == made.domain == "desk"

    assert (tmp_path / "desk.tar.gz").stat().st_mode & 0o777 == 0o600
    with Workspace(tmp_path / "again") as restored:
        assert _texts(restored) == _texts(workspace)
        assert reconcile(restored) == 0  # the index is there, and is the one of these documents
        assert restored.collection.n_chunks == workspace.collection.n_chunks > 0
        assert restored.state_folder.stat().st_mode & 0o777 == 0o700


def test_a_backup_while_others_write_is_whole(workspace: Workspace, tmp_path: Path) -> None:
    """Copying the files of a database that is written to gives a damaged one."""
    stopped = threading.Event()

    def write() -> None:
        with Workspace(workspace.folder) as other:
            n = 0
            while not stopped.is_set():
                (other.documents_folder / f"note-{n % 5}.md").write_text(f"Locker {n} is empty.")
                _sync(other)
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            back_up(workspace, LOCAL, tmp_path / f"{n}.tar.gz", quiet)
            restore(tmp_path / f"{n}.tar.gz", tmp_path / f"again-{n}", quiet)
    finally:
        stopped.set()
        writer.join()

    for n in range(3):
        with Workspace(tmp_path / f"again-{n}") as restored:
            _sync(restored)
            assert reconcile(restored) == 0
            assert {"leave.md"} <= set(restored.documents.states())
            assert restored.collection.n_chunks >= len(restored.documents.states())


def test_accounts_and_preferences_come_along_and_the_session_key_does_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    server = Server(workspace.folder)
    set_preference(server, LOCAL, "theme", "dark")
    (workspace.state_folder / "session.key").write_text("secret")

    back_up(workspace, LOCAL, tmp_path / "desk.tar.gz", quiet)

    with tarfile.open(tmp_path / "desk.tar.gz") as archive:
        names = archive.getnames()
    assert not [name for name in names if "session.key" in name or name.endswith((".lock", "-wal"))]
    restore(tmp_path / "desk.tar.gz", tmp_path / "again", quiet)
    with Workspace(tmp_path / "again") as restored, restored.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM record").scalars()
        assert any("dark" in body for body in kept)


def test_a_backup_beside_the_settings_is_not_in_the_next_one(workspace: Workspace) -> None:
    """Taken every night into the domain's own folder, each would hold all those before it."""
    file = workspace.folder / "monday.tar.gz"
    first = back_up(workspace, LOCAL, file, quiet)

    second = back_up(workspace, LOCAL, workspace.folder / "tuesday.tar.gz", quiet)

    assert second.n_files == first.n_files


def test_only_an_administrator_may_take_everything(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        back_up(workspace, NOBODY, tmp_path / "desk.tar.gz", quiet)
    assert not (tmp_path / "desk.tar.gz").exists()


def test_nothing_is_restored_over_what_is_there(workspace: Workspace, tmp_path: Path) -> None:
    back_up(workspace, LOCAL, tmp_path / "desk.tar.gz", quiet)

    with pytest.raises(AlreadyADomain):
        restore(tmp_path / "desk.tar.gz", workspace.folder, quiet)


def _archive(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


HEAD = (MANIFEST, json.dumps({"domain": "d", "made_at": 0, "schema": "0001", "format": 1}).encode())


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "outside", "newer", "missing", "folder"])
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    workspace: Workspace, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "desk.tar.gz"
    back_up(workspace, LOCAL, file, quiet)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "text":
        file.write_text("Not this one.")
    elif damage == "empty":
        file.write_bytes(gzip.compress(b""))
    elif damage == "outside":
        _archive(file, HEAD, ("../outside.txt", b"x"))
    elif damage == "newer":
        _archive(file, (MANIFEST, json.dumps({"version": "9.0", "schema": "0001", "format": 9}).encode()))
    elif damage == "missing":
        file.unlink()
    else:
        file.unlink()
        file.mkdir()

    with pytest.raises(InvalidBackup, match=r"desk\.tar\.gz"):
        restore(file, tmp_path / "again", quiet)

    assert not (tmp_path / "again").exists()
    assert not (tmp_path / "outside.txt").exists()
    assert not list(tmp_path.glob(".again.*"))
