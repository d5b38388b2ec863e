"""A collection as somebody may read it, on a real index and a real database."""

from itertools import product
from pathlib import Path

import pytest

from lorewright.access import DOMAIN_STORE, Caller
from lorewright.access.readable import Readable, readable_by
from lorewright.documents import Document, DocumentRepository
from lorewright.knowledge import Collection
from lorewright.knowledge.reader_view import ReaderView
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval
from lorewright.storage import open_database, sqlite_url

PAGES = ("leave.md", "hr/pay.md", "hr/in'ner/panel.md", "hr0.md", "HR/pay.md", "board.md", "hr/%_.md")
RESTRICTED = ("hr/", "hr/in'ner/", "board.md")
DOCUMENTS = [Document(page, page, f"The meeting about {page} is on Monday.") for page in PAGES]
READERS = [
    readable_by(Caller(id="k", name="k", stores=stores), RESTRICTED)
    for stores in product(
        (DOMAIN_STORE, ""), ("vs_domain/hr/", ""), ("vs_domain/hr/in'ner/", ""), ("vs_domain/board.md", "")
    )
]


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("index"), HashingEmbedder(64), Retrieval())
    made.add(DOCUMENTS)
    return made


@pytest.mark.parametrize("allowed", READERS)
def test_a_reader_finds_what_they_may_read_and_nothing_else(handbook: Collection, allowed: Readable) -> None:
    """By words and by meaning: the index itself looks at no other chunk."""
    view = ReaderView(handbook, allowed)
    readable = {page for page in PAGES if allowed.holds(page)}

    for mode in ("text", "dense", "fused"):
        hits = view.search("meeting on Monday", n=20, mode=mode)
        places = {place.document_id for hit in hits for place in hit.also}
        assert {hit.chunk.document_id for hit in hits} | places == readable
    assert view.found == readable
    assert handbook.count(allowed) == len(readable)
    assert [page for page in PAGES if view.chunks_of(page)] == [page for page in PAGES if page in readable]


@pytest.mark.parametrize("allowed", READERS)
def test_the_database_counts_the_same_documents(tmp_path: Path, allowed: Readable) -> None:
    documents = DocumentRepository(open_database(sqlite_url(tmp_path / "lorewright.db")))
    for document in DOCUMENTS:
        documents.save(document, file_hash="")

    assert documents.count(allowed) == sum(allowed.holds(page) for page in PAGES)


def test_a_hidden_document_changes_nothing_for_a_reader(tmp_path: Path) -> None:
    """Its version of the index is told in every answer: it must not tell that a hidden page was changed."""
    changing = Collection(tmp_path, HashingEmbedder(64), Retrieval())
    changing.add(DOCUMENTS)
    view = ReaderView(changing, readable_by(Caller(id="k", name="k", stores=(DOMAIN_STORE,)), RESTRICTED))
    before, whole = view.version, changing.version

    changing.add([Document("hr/pay.md", "Pay", "Another text.")])

    assert view.version == before
    assert changing.version != whole
