"""Documents in the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.documents import Document, DocumentChange, DocumentRepository, DocumentState
from lorewright.errors import UnknownName
from lorewright.storage import open_database, sqlite_url

LEAVE = Document(
    "hr/leave.md", "Leave", "Thirty days.", "text/markdown", page_starts=(0, 7), metadata={"owner": "HR"}
)
CHANGED = Document("hr/leave.md", "Leave", "Thirty-one days.")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty database once: it takes longer than all tests here."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    open_database(sqlite_url(path)).close()
    return path


@pytest.fixture
def documents(migrated: Path, tmp_path: Path) -> Iterator[DocumentRepository]:
    """Documents of a fresh workspace, in which a second passes between two changes."""
    database = open_database(sqlite_url(Path(shutil.copy(migrated, tmp_path / "lorewright.db"))))
    seconds = iter(range(1, 100))
    yield DocumentRepository(database, clock=lambda: float(next(seconds)))
    database.close()


def test_a_document_comes_back_as_it_was_saved(documents: DocumentRepository) -> None:
    documents.save(LEAVE, file_hash="f1")

    assert documents.get("hr/leave.md") == LEAVE
    assert documents.find("hr/travel.md") is None
    with pytest.raises(UnknownName, match=r"No document found with id 'hr/travel\.md'"):
        documents.get("hr/travel.md")


def test_only_another_text_is_a_change(documents: DocumentRepository) -> None:
    """A file that was touched, or saved anew by an editor, must not be embedded again."""
    assert documents.save(LEAVE, file_hash="f1") == "new"
    assert documents.save(LEAVE, file_hash="f2") == "unchanged"
    assert documents.save(CHANGED, file_hash="f3") == "changed"

    assert documents.get("hr/leave.md").text == "Thirty-one days."
    assert documents.states()["hr/leave.md"].file_hash == "f3"
    assert documents.count() == 1


def test_the_index_catches_up_with_what_changed(documents: DocumentRepository) -> None:
    documents.save(LEAVE, file_hash="f1")
    documents.save(Document("b.md", "B", "By train."), file_hash="f2")
    assert documents.n_characters_to_index() == len("Thirty days.") + len("By train.")

    documents.mark_indexed({waiting.id: waiting.text_hash for waiting in documents.to_index()})
    assert list(documents.to_index()) == []

    documents.save(CHANGED, file_hash="f3")
    assert list(documents.to_index()) == [CHANGED]
    assert documents.states()["hr/leave.md"] == DocumentState("f3", CHANGED.text_hash, LEAVE.text_hash)


def test_the_history_says_how_often_facts_change(documents: DocumentRepository) -> None:
    """The advisor weighs RAG against tuning by it."""
    documents.save(LEAVE, file_hash="f1")
    documents.save(CHANGED, file_hash="f2")
    documents.remove("hr/leave.md")
    documents.remove("hr/leave.md")

    assert documents.changes() == [
        DocumentChange("hr/leave.md", "new", 1.0),
        DocumentChange("hr/leave.md", "changed", 2.0),
        DocumentChange("hr/leave.md", "removed", 3.0),
    ]
    assert [change.kind for change in documents.changes(2.0)] == ["changed", "removed"]
    assert documents.count() == 0
