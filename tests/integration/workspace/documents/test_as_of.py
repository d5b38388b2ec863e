"""Every version stays addressable: a search as of a date finds what was in force then."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL
from lorewright.errors import InvalidSetting
from lorewright.jobs import Steps
from lorewright.workspace import Workspace
from lorewright.workspace.documents.add import add
from lorewright.workspace.documents.as_of import moment
from lorewright.workspace.documents.former_versions import forget_texts
from lorewright.workspace.retrieval.former import FormerHits, search_as_of, search_then


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(lay_out(tmp_path / "handbook")) as workspace:
        write(workspace, fee="20", hours="The desk opens at 9.")
        sync(workspace)
        yield workspace


def write(workspace: Workspace, *, fee: str, hours: str) -> None:
    folder = workspace.documents_folder
    (folder / "fees.md").write_text(f"# Fees\n\nThe annual fee is {fee} crowns.")
    (folder / "hours.md").write_text(f"# Hours\n\n{hours}")


def sync(workspace: Workspace) -> None:
    order = {"paths": [], "is_sync": True}
    job = workspace.queue.submit("add", order)
    add(workspace, order, Steps(workspace.queue, job.id, 1))
    workspace.queue.finish(job.id, {})


def found(workspace: Workspace, query: str, at: float) -> FormerHits:
    return search_as_of(workspace, LOCAL, query, at=at, n=3)


def test_a_search_as_of_then_finds_the_version_of_then(workspace: Workspace) -> None:
    """Who asks which fee held in March must not be told today's, nor both."""
    then = time.time()
    write(workspace, fee="35", hours="The desk opens at 9.")
    sync(workspace)

    told = found(workspace, "annual fee", then)

    assert "20 crowns" in told.hits[0].chunk.text
    assert not any("35 crowns" in hit.chunk.text for hit in told.hits)
    assert [name for name in told.since if name == "fees.md"] == ["fees.md"]
    assert "35 crowns" in found(workspace, "annual fee", time.time()).hits[0].chunk.text
    assert any("opens at 9" in hit.chunk.text for hit in found(workspace, "desk opens", then).hits)


def test_what_was_not_there_yet_is_not_found(workspace: Workspace) -> None:
    """A page of tomorrow answers nothing about yesterday."""
    assert found(workspace, "annual fee", 1.0).hits == ()
    assert search_then(workspace, LOCAL, "annual fee", as_of="1999-12-31").hits == ()


def test_a_text_that_is_not_stored_any_more_is_named(workspace: Workspace) -> None:
    """Silence would look like "there was nothing"."""
    then = time.time()
    write(workspace, fee="35", hours="The desk opens at 9.")
    sync(workspace)
    found(workspace, "annual fee", then)  # its index must not keep what is forgotten
    changes = workspace.documents.changes(document_id="fees.md")
    forget_texts(workspace, [changes[0].text_hash])

    told = found(workspace, "annual fee", then)

    assert told.lost == ("fees.md",)
    assert not any("crowns" in hit.chunk.text for hit in told.hits)


def test_a_date_means_its_end() -> None:
    """A version of that afternoon was in force on that day."""
    assert moment("2026-03-02") > moment("2026-03-02T23:00") > moment("2026-03-01")
    with pytest.raises(InvalidSetting, match="not a date"):
        moment("last March")
