"""A domain on a medium that nobody may write to is served and searched, and says so where it cannot."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.postgres import sqlite_only
from tests.fixtures.served import lay_out, parrot

from lorewright.access import LOCAL
from lorewright.access.readable import EVERYTHING
from lorewright.errors import ReadOnly
from lorewright.jobs import Steps
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace import Workspace
from lorewright.workspace.accounts.users_and_groups import add_group
from lorewright.workspace.chats.chats import list_chats, new_chat
from lorewright.workspace.documents.add import add
from lorewright.workspace.server.server import Server

pytestmark = sqlite_only


@pytest.fixture
def domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A domain whose writes are still beside the database file, and that may only be read from then on."""
    folder = lay_out(tmp_path / "handbook")
    with Workspace(folder) as workspace:
        job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
        add(workspace, dict(job.order), Steps(workspace.queue, job.id, 1))

        def access(path: Path, mode: int) -> bool:
            return not (mode & os.W_OK and Path(path).is_relative_to(folder))

        monkeypatch.setattr(os, "access", access)
        yield folder


def test_documents_are_read_and_searched(domain: Path) -> None:
    with Workspace(domain) as workspace:
        assert workspace.database.is_read_only
        assert "leave.md" in workspace.documents.states()
        assert workspace.searchable_by(EVERYTHING).search("days of leave", n=1)


def test_what_would_be_kept_is_refused(domain: Path) -> None:
    """It was a traceback from `PRAGMA journal_mode`."""
    with Workspace(domain) as workspace, pytest.raises(ReadOnly, match="is read-only"):
        workspace.queue.submit("add", {"paths": [], "is_sync": True})

    server = Server(domain)
    with pytest.raises(ReadOnly):
        add_group(server, LOCAL, name="Readers", users=[], models=[], stores=[])
    server.close()


def test_people_talk_for_as_long_as_the_server_runs(domain: Path) -> None:
    server = Server(domain, open_one=lambda _key: ScriptedEngine(parrot, name="parrot"))
    chat = new_chat(server, LOCAL, models=["handbook/quote"])
    assert chat.id in [listed.chat.id for listed in list_chats(server, LOCAL)]
    server.close()

    again = Server(domain)
    assert chat.id not in [listed.chat.id for listed in list_chats(again, LOCAL)]
    again.close()


def test_the_copy_goes_with_the_process(domain: Path) -> None:
    workspace = Workspace(domain)
    copy = Path(workspace.database.engine.url.database or "").parent
    assert copy.is_dir()
    workspace.close()
    assert not copy.exists()
