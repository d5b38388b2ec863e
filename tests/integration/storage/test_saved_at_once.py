"""Two processes that read the same new file at once."""

import threading
from pathlib import Path

from lorewright.documents import Document, DocumentRepository
from lorewright.storage import open_database, sqlite_url

N = 40


def test_the_same_new_documents_saved_at_once_are_saved_once(tmp_path: Path) -> None:
    """Two syncs of one folder ended in an error of the database."""
    url = sqlite_url(tmp_path / "lorewright.db")
    databases = [open_database(url) for _ in range(3)]
    begin, errors = threading.Barrier(len(databases)), []

    def save(repository: DocumentRepository) -> None:
        begin.wait()
        for n in range(N):
            try:
                repository.save(Document(f"{n}.md", "Page", f"Page {n}."), file_hash=str(n))
            except Exception as error:  # noqa: BLE001 - whatever a worker would end with
                errors.append(error)

    threads = [threading.Thread(target=save, args=(DocumentRepository(each),)) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert DocumentRepository(databases[0]).count() == N
    for database in databases:
        database.close()
