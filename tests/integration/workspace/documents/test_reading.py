"""What `add` does with files that are hard to read: each is named, and the others are in."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.office import Office
from tests.fixtures.served import lay_out

from lorewright.access import Caller
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.states import find_document_file
from lorewright.workspace.domain.doctor import examine


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        yield workspace


def added(workspace: Workspace, *paths: Path) -> dict[str, Any]:
    """Add files, or all of the documents folder where none is given, as the job does."""
    order = {"paths": [str(path) for path in paths], "is_sync": not paths}
    job = workspace.queue.submit("add", order)
    result = add(workspace, order, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})
    return result


def test_entries_that_are_no_files_are_named_and_the_rest_is_read(
    workspace: Workspace, tmp_path: Path
) -> None:
    """One bad entry ended the whole job, and a pipe stopped it for ever."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.md").write_text("Felt keeps the frost out.")
    os.mkfifo(folder / "pipe.txt")
    (folder / "link.md").symlink_to(folder / "nowhere.md")
    Path(os.fsdecode(bytes(folder) + b"/caf\xe9.txt")).write_text("Coffee.")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket.md"))

        result = added(workspace, folder, folder / "pipe.txt")

    assert result["n_new"] == 1
    reasons = {name: reason.rpartition(": ")[2] for name, reason in result["unreadable"].items()}
    assert reasons == {
        "mixed/pipe.txt": "it is a pipe, a socket or a device, not a file.",
        "mixed/socket.md": "it is a pipe, a socket or a device, not a file.",
        "mixed/link.md": "it is a broken link.",
        "mixed/caf\\xe9.txt": "rename it.",
        "pipe.txt": "it is a pipe, a socket or a device, not a file.",
    }


def test_entries_inside_the_documents_folder_are_named_too(workspace: Workspace) -> None:
    os.mkfifo(workspace.documents_folder / "pipe.txt")

    assert set(added(workspace)["unreadable"]) == {"pipe.txt"}
    (workspace.documents_folder / "pipe.txt").unlink()
    assert added(workspace)["unreadable"] == {}
    assert next(check for check in examine(workspace.folder) if check.name == "reading").state == "ok"


def test_a_page_that_is_a_picture_is_named_wherever_one_looks(workspace: Workspace) -> None:
    """Nobody looks for an answer on a page that they believe to be in."""
    Office(workspace.documents_folder).pdf("hall.pdf", [["Terms of the hall."], [], ["Annex."]], pictures=[2])

    result = added(workspace)

    notice = "page 2 of 3 is a picture and was not read"
    assert result["notices"] == {"hall.pdf": [notice]}
    file = find_document_file(workspace, Caller(id="me", name="me", is_admin=True), "hall.pdf")
    assert file is not None
    assert (file.state, file.reason) == ("indexed", notice)
    reading = next(check for check in examine(workspace.folder) if check.name == "reading")
    assert (reading.state, reading.finding) == ("missing", f"hall.pdf: {notice}.")


def test_a_site_loses_what_its_pages_share_and_pages_that_come_later_too(workspace: Workspace) -> None:
    """The menu names every topic, so it was found for every question."""

    def page(name: str, body: str) -> None:
        path = workspace.documents_folder / "site" / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        menu = "<div>Waterworks</div><ul><li>Frost</li><li>Leaks</li></ul>"
        path.write_text(f"{menu}<h1>{name}</h1><p>{body}</p><p>Dam Road 1. Imprint.</p>")

    page("frost", "Wrap the meter in felt before the first cold night.")
    page("leak", "A drip costs nine crowns a year, a stream a hundred.")
    added(workspace)
    assert "Imprint" in workspace.documents.get("site/frost.html").text, "two pages are no site"

    page("hard", "Softeners help where the water is hard, in the hills.")
    result = added(workspace)

    assert (result["n_new"], result["n_changed"]) == (1, 2)
    assert workspace.documents.get("site/frost.html").text == (
        "# frost\n\nWrap the meter in felt before the first cold night."
    )
    page("swap", "A fitter changes the meter after six years, for nothing.")
    assert (added(workspace)["n_new"], added(workspace)["n_unchanged"]) == (1, 6)
    assert "Imprint" not in workspace.documents.get("site/swap.html").text
