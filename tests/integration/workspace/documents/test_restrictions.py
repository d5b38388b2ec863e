"""Folders and documents that only some groups may read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import DOMAIN_STORE, LOCAL, Caller, Role
from lorewright.cli.main import main
from lorewright.errors import BadParameter, InUse, NotAllowed, NotFound
from lorewright.jobs import Steps
from lorewright.workspace.accounts.users_and_groups import add_group, add_user, change_group
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.attributes import own_attributes
from lorewright.workspace.documents.listing import count_documents, get_document, list_documents
from lorewright.workspace.documents.restrictions import lift_restriction, list_restrictions, restrict
from lorewright.workspace.documents.uploads import upload_documents
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.retrieval.search import search
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    domain = lay_out(tmp_path / "handbook")
    (domain / "documents" / "hr").mkdir()
    (domain / "documents" / "hr" / "pay.md").write_text("# Pay\n\nThe director has 90,000 euros a year.\n")
    server = Server(domain, n_processes=2)
    job = server.workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(server.workspace, dict(job.order), Steps(server.workspace.queue, job.id, 1))
    yield server
    server.close()


def somebody(server: Server, *groups: str, role: Role = "editor") -> Caller:
    user = add_user(server, LOCAL, name=f"{role} of {groups}", role=role)
    for group_id in groups:
        change_group(server, LOCAL, group_id, {"users": [*server.groups.get(group_id).users, user.id]})
    caller = server.keys.of_user(user)
    assert caller is not None
    return caller


def test_a_restriction_holds_at_once_and_until_it_is_lifted(server: Server) -> None:
    """No row of the index has to follow: the next search is another one."""
    workspace, reader = server.workspace, somebody(server, role="reader")
    personnel = add_group(server, LOCAL, name="personnel", users=[], models=["*"], stores=[])
    insider = somebody(server, personnel.id, role="reader")
    assert count_documents(workspace, reader) == 3

    made = restrict(workspace, LOCAL, "hr", ["personnel"])

    assert (made.path, made.groups, made.n_documents) == ("hr/", (personnel.id,), 1)
    assert count_documents(workspace, reader) == 2
    found = [hit.chunk.document_id for hit in search(workspace, reader, "director euros a year", n=9)]
    assert "hr/pay.md" not in found
    assert found
    insider = server.keys.find(insider.id) or insider
    assert search(workspace, insider, "director euros a year")[0].chunk.document_id == "hr/pay.md"

    lift_restriction(workspace, LOCAL, "hr/")

    assert count_documents(workspace, reader) == 3
    assert list_restrictions(workspace, LOCAL) == []
    assert server.groups.get(personnel.id).stores == ()


def test_a_hidden_document_is_answered_like_a_missing_one(server: Server) -> None:
    workspace, reader = server.workspace, somebody(server)
    restrict(workspace, LOCAL, "hr/", [])

    for name in ("hr/pay.md", "hr/nothing.md"):
        with pytest.raises(NotFound, match=f"No document found with id '{name}'"):
            get_document(workspace, reader, name, ())
        with pytest.raises(NotFound, match=f"No document found with id '{name}'"):
            own_attributes(workspace, reader, name)
    with pytest.raises(NotFound, match="No document found"):
        own_attributes(workspace, LOCAL, "../lorewright.toml")
    with pytest.raises(BadParameter, match="cannot be used as a cursor"):
        list_documents(workspace, reader, limit=5, after="hr/pay.md")


def test_nobody_learns_by_uploading_what_is_there(server: Server) -> None:
    """A name that is taken would be told; a folder that may not be read takes no file, taken or not."""
    editor = somebody(server)
    restrict(server.workspace, LOCAL, "hr/", [])

    for name in ("hr/pay.md", "hr/new.md"):
        with pytest.raises(NotAllowed, match="no access to"):
            upload_documents(server, editor, [(name, [b"# Mine"])])
    with pytest.raises(InUse):
        upload_documents(server, editor, [("leave.md", [b"# Mine"])])
    with pytest.raises(NotAllowed, match="some of the domain's documents only"):
        start_job(server, editor, "add", {"paths": [], "is_sync": True})


def test_who_sees_no_documents_is_told_what_an_empty_domain_tells(server: Server, tmp_path: Path) -> None:
    with Workspace(init_domain(tmp_path / "empty")) as empty:
        nobody = Caller(id="k", name="k", stores=())
        with pytest.raises(Exception, match="empty has no documents yet") as missing:
            search(empty, Caller(id="k", name="k", stores=(DOMAIN_STORE,)), "leave")

    with pytest.raises(type(missing.value), match="handbook has no documents yet") as hidden:
        search(server.workspace, nobody, "leave")

    assert hidden.value.hint == missing.value.hint  # type: ignore[attr-defined]


def test_only_an_administrator_restricts(server: Server) -> None:
    editor = somebody(server)

    for work in (
        lambda: restrict(server.workspace, editor, "hr/", []),
        lambda: lift_restriction(server.workspace, editor, "hr/"),
        lambda: list_restrictions(server.workspace, editor),
    ):
        with pytest.raises(NotAllowed):
            work()
    with pytest.raises(BadParameter, match="No group found with id or name 'nobody'"):
        restrict(server.workspace, LOCAL, "hr/", ["nobody"])
    with pytest.raises(BadParameter, match="not a valid document name"):
        restrict(server.workspace, LOCAL, "../hr/", [])


def test_it_is_typed_at_the_command_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    domain = str(server.workspace.folder)

    assert main(["access", "hr/", "--groups", "everyone", "-d", domain]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["hr/", "1", "group_everyone"]
    assert main(["access", "--json", "-d", domain]) == 0
    assert json.loads(capsys.readouterr().out)["restrictions"][0]["part"] == "vs_domain/hr/"
    assert main(["access", "hr/", "--lift", "-d", domain]) == 0
    assert "Nothing is restricted" in capsys.readouterr().out
    assert main(["access", "hr/", "-d", domain]) == 2
    assert "--groups, or --lift" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["0" * 5000, "a/" * 2000, "../outside", ""])
def test_a_path_that_no_document_can_have_is_refused(server: Server, path: str) -> None:
    """A name longer than a file's may be was a server error."""
    with pytest.raises(BadParameter, match="valid document name"):
        restrict(server.workspace, LOCAL, path, [])
