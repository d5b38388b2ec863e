"""The state of a domain in another database, with every row, and back again."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.fixtures.postgres import PostgresServer, sqlite_only
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.access.readable import EVERYTHING
from lorewright.errors import Busy, InUse, InvalidSetting, Overtaken
from lorewright.jobs import Steps
from lorewright.progress import quiet
from lorewright.storage import Records, open_database
from lorewright.storage.copying import copy_rows, marks
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add
from lorewright.workspace.domain.backup import back_up, restore
from lorewright.workspace.server.moving import move

pytestmark = [pytest.mark.thorough, sqlite_only]

N_NOTES = 1200


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A domain with documents, a job with steps and events, and more records than are copied at once."""
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        claimed = workspace.queue.claim(job.id, 2**22 + 1)
        steps = Steps(workspace.queue, job.id, claimed.attempt)
        steps.say("a line")
        workspace.queue.finish(job.id, add(workspace, dict(job.order), steps))
        notes = Records(workspace.database, "note")
        for n in range(N_NOTES):
            notes.add(f"note_{n}", {"n": n, "text": "é中\0"}, label="x\0y" if n % 7 == 0 else "")
        yield workspace


def rows_of(workspace: Workspace) -> dict[str, int]:
    with workspace.database.read() as connection:
        return {name: mark.n_rows for name, mark in marks(connection).items()}


def test_a_domain_moves_to_postgres_and_back_with_every_row(
    workspace: Workspace, postgres: PostgresServer
) -> None:
    url = postgres.make("moved")
    before = rows_of(workspace)

    there = move(workspace, LOCAL, url, quiet)

    assert there.tables == before
    assert workspace.database.is_shared
    assert f'url = "{url}"' in (workspace.folder / "lorewright.toml").read_text()
    assert (workspace.state_folder / "lorewright.db.moved").is_file()
    assert not (workspace.state_folder / "lorewright.db").exists()
    hits = workspace.searchable_by(EVERYTHING).search("days of leave")
    assert "28 days" in hits[0].chunk.text
    Records(workspace.database, "note").add("one more", {})  # numbered behind the last

    back = move(workspace, LOCAL, "sqlite", quiet)

    assert not workspace.database.is_shared
    assert back.tables["record"] == before["record"] + 2  # it, and the note in the audit
    assert "url" not in (workspace.folder / "lorewright.toml").read_text()
    assert Records(workspace.database, "note").get("note_7").body == {"n": 7, "text": "é中\0"}
    assert "drop it when you are sure" in back.left_behind


def test_an_interrupted_move_goes_on_where_it_was(workspace: Workspace, postgres: PostgresServer) -> None:
    url = postgres.make("halfway")

    def interrupted(done: int, _total: int) -> None:
        if done > N_NOTES / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(workspace, LOCAL, url, interrupted)
    assert "storage" not in (workspace.folder / "lorewright.toml").read_text()
    assert not workspace.database.is_shared

    moved = move(workspace, LOCAL, url, quiet)

    assert 0 < moved.n_written < N_NOTES
    assert Records(workspace.database, "note").count() == N_NOTES


def test_what_is_written_meanwhile_is_noticed_and_copied_by_the_next_call(
    workspace: Workspace, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that nobody stopped: its writes must not be lost without a word."""
    url = postgres.make("meanwhile")

    def copied_while_served(*arguments: object) -> int:
        n = copy_rows(*arguments)  # type: ignore[arg-type]
        Records(workspace.database, "note").change("note_3", lambda _: {"n": "changed"})
        return n

    monkeypatch.setattr("lorewright.workspace.server.moving.copy_rows", copied_while_served)
    with pytest.raises(Overtaken, match="was changed while it was copied") as noticed:
        move(workspace, LOCAL, url, quiet)
    assert "Stop every server" in noticed.value.hint
    monkeypatch.undo()

    move(workspace, LOCAL, url, quiet)
    assert Records(workspace.database, "note").get("note_3").body == {"n": "changed"}


def test_no_other_domain_is_overwritten(workspace: Workspace, postgres: PostgresServer) -> None:
    url = postgres.make("taken")
    with closing(open_database(url)) as other:
        Records(other, "note").add("theirs", {})
    with pytest.raises(InUse, match="holds the state of a domain already"):
        move(workspace, LOCAL, url, quiet)
    with pytest.raises(InvalidSetting, match="there already"):
        move(workspace, LOCAL, "sqlite", quiet)


def test_nothing_moves_under_a_running_job(workspace: Workspace, postgres: PostgresServer) -> None:
    import os

    workspace.queue.claim(workspace.queue.submit("add", {"turn": 2}).id, os.getpid())
    with pytest.raises(Busy, match="is running"):
        move(workspace, LOCAL, postgres.make("busy"), quiet)


def test_a_backup_of_a_domain_on_postgres_is_restored_into_either_database(
    workspace: Workspace, postgres: PostgresServer, tmp_path: Path
) -> None:
    move(workspace, LOCAL, postgres.make("kept"), quiet)
    before = rows_of(workspace)
    back_up(workspace, LOCAL, tmp_path / "handbook.tar.gz", quiet)

    restored = restore(tmp_path / "handbook.tar.gz", tmp_path / "again", quiet)

    assert restored.was_at.endswith("kept?host=" + restored.was_at.rpartition("host=")[2])
    with Workspace(tmp_path / "again") as again:
        assert not again.database.is_shared
        assert rows_of(again) == before
        assert "28 days" in again.searchable_by(EVERYTHING).search("days of leave")[0].chunk.text
        moved = move(again, LOCAL, postgres.make("second"), quiet)
        assert moved.tables == before
        assert again.database.is_shared


def test_json_is_the_same_text_on_both(workspace: Workspace, postgres: PostgresServer) -> None:
    """What was hashed or signed must not look different in the other database."""
    with workspace.database.read() as connection:
        before = connection.exec_driver_sql("SELECT id, body FROM record ORDER BY seq").all()
    move(workspace, LOCAL, postgres.make("text"), quiet)
    with workspace.database.read() as connection:
        after = connection.exec_driver_sql("SELECT id, body FROM record ORDER BY seq").all()
    assert [tuple(row) for row in after[: len(before)]] == [tuple(row) for row in before]
    assert json.loads(after[0].body) is not None
