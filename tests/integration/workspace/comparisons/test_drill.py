"""What an update may bring: changed pages, and pages that go."""

from pathlib import Path

from lorewright.evaluation import Question, questions_about
from lorewright.jobs import Steps
from lorewright.messages import Message
from lorewright.workspace.comparisons.drill import _apply, _copy_of_index, _removed
from lorewright.workspace.documents.add import add
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.workspace import Workspace


def test_a_page_that_goes_is_found_no_more_in_the_copy_alone(tmp_path: Path) -> None:
    """A withdrawn rule must not be cited; deleting is half of what happens to a handbook."""
    folder = init_domain(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    (folder / "documents" / "pay.md").write_text("# Pay\n\nPay day is the 25th.\n")
    (folder / "documents" / "dogs.md").write_text("# Dogs\n\nDogs may come on Fridays.\n")
    (folder / "update").mkdir()
    (folder / "update" / "removed.txt").write_text("# withdrawn\ndogs.md\n")
    with Workspace(folder) as workspace:
        job = workspace.queue.submit("add", {})
        add(workspace, {"paths": [], "is_sync": True}, Steps(workspace.queue, job.id, 1))
        copy = _copy_of_index(workspace)
        seconds = _apply(workspace, folder / "update" / "documents", _removed(workspace), copy)
        assert list(seconds) == ["dogs.md"]
        assert {hit.chunk.document_id for hit in copy.search("Dogs on Fridays", n=5)} == {"pay.md"}
        kept = {hit.chunk.document_id for hit in workspace.collection.search("Dogs on Fridays", n=5)}
        assert kept == {"pay.md", "dogs.md"}


def test_only_questions_about_what_changed_count() -> None:
    """Right answers about pages that stayed as they were say nothing about an update."""
    changed, same = asked("1", ("pay.md",)), asked("2", ("leave.md",))
    stale, open_one = asked("3", ("leave.md",), ("Monday",)), asked("4", ())
    assert questions_about([changed, same, stale, open_one], {"pay.md"}) == [changed, stale, open_one]
    assert questions_about([same], {"pay.md"}) == [same]


def asked(name: str, document_ids: tuple[str, ...], stale: tuple[str, ...] = ()) -> Question:
    text = (Message("user", "When?"),)
    return Question(name, text, ("Friday",), stale_targets=stale, document_ids=document_ids)
