"""The index in Qdrant finds what that in a folder finds; tried on the client's own, embedded Qdrant."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lorewright.access.readable import Readable
from lorewright.documents import Document
from lorewright.errors import IndexMismatch, IndexUnavailable, InvalidSetting
from lorewright.knowledge import Collection
from lorewright.knowledge.index import FolderHome, Home, Index, home_at
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

qdrant_client = pytest.importorskip("qdrant_client", reason="needs the extra qdrant")

PAGES = {
    "hr/leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "hr/pay/rises.md": "# Rises\n\nSalaries rise by 2 percent each year in May.\n",
    "hr.md": "# People\n\nThe department of people is on floor 3.\n",
    "travel.md": "# Travel\n\nTravel by train. A hotel may cost 120 euros a night. See form E-4711.\n",
}
NOWHERE = "http://127.0.0.1:9/handbook"


@dataclass(frozen=True)
class Embedded:
    """A home in an embedded Qdrant."""

    client: Any
    name: str

    def find(self) -> Index | None:
        from lorewright.knowledge.qdrant_index import find_qdrant_index

        return find_qdrant_index(self.client, self.name)

    def make(self, *, n_dimensions: int, stamp: Mapping[str, str]) -> Index:
        from lorewright.knowledge.qdrant_index import make_qdrant_index

        return make_qdrant_index(self.client, self.name, n_dimensions=n_dimensions, stamp=stamp)

    def clear(self) -> None:
        self.client.delete_collection(self.name)


def _documents(pages: Mapping[str, str] = PAGES) -> list[Document]:
    return [Document(id=name, title=name, text=text) for name, text in pages.items()]


@pytest.fixture
def client() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # payload indexes do nothing in an embedded one
        client = qdrant_client.QdrantClient(":memory:")
        yield client
        client.close()


Make = Callable[..., Collection]


@pytest.fixture
def make(client: Any, tmp_path: Path) -> Make:
    def made(n_dimensions: int = 64, name: str = "handbook") -> Collection:
        home: Callable[[Path], Home] = lambda _: Embedded(client, name)  # noqa: E731
        return Collection(tmp_path / "index", HashingEmbedder(n_dimensions), Retrieval(), home=home)

    return made


@pytest.fixture
def collection(make: Make) -> Collection:
    collection = make()
    collection.add(_documents())
    return collection


def _found(collection: Collection, query: str, **how: object) -> list[str]:
    return [hit.chunk.document_id for hit in collection.search(query, n=4, **how)]  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["fused", "text", "dense"])
@pytest.mark.parametrize("query", ["days of leave", "hotel cost a night", "form E-4711", "salaries rise"])
def test_the_first_hit_is_that_of_the_index_in_a_folder(
    collection: Collection, tmp_path: Path, query: str, mode: str
) -> None:
    """Moving must not change what is answered."""
    folder = Collection(tmp_path / "other", HashingEmbedder(64), Retrieval(), home=FolderHome)
    folder.add(_documents())

    assert _found(collection, query, mode=mode)[:1] == _found(folder, query, mode=mode)[:1]


def test_a_chunk_comes_back_as_it_was_added(collection: Collection, tmp_path: Path) -> None:
    folder = Collection(tmp_path / "other", HashingEmbedder(64), Retrieval())
    folder.add(_documents())

    for name in PAGES:
        assert collection.chunks_of(name) == folder.chunks_of(name)
    assert collection.text_hashes() == folder.text_hashes()
    assert collection.version == folder.version
    assert collection.n_chunks == folder.n_chunks


@pytest.mark.parametrize(
    "readable",
    [
        Readable(True, frozenset({"hr/"}), frozenset()),
        Readable(False, frozenset({"hr/"}), frozenset({"hr/"})),
        Readable(True, frozenset({"hr/", "hr/pay/"}), frozenset({"hr/"})),
        Readable(True, frozenset({"hr/", "hr/pay/rises.md"}), frozenset({"hr/pay/rises.md"})),
        Readable(False, frozenset({"travel.md"}), frozenset()),
    ],
)
@pytest.mark.parametrize("mode", ["text", "dense"])
def test_nothing_is_found_that_may_not_be_read(collection: Collection, readable: Readable, mode: str) -> None:
    """A folder's restriction holds for what is in it, and not for a file whose name begins like it."""
    seen = {
        name for page in PAGES.values() for name in _found(collection, page, mode=mode, readable=readable)
    }

    assert seen == {name for name in PAGES if readable.holds(name)}
    assert collection.count(readable) == len(seen)


def test_only_the_named_documents_are_looked_at(collection: Collection) -> None:
    assert _found(collection, "days of leave a year", among=["travel.md", "hr.md"])[:1] != ["hr/leave.md"]


def test_a_changed_document_takes_the_place_of_its_older_chunks(collection: Collection, make: Make) -> None:
    """Another process sees it with its next search."""
    elsewhere = make()
    before = elsewhere.version
    changed = PAGES | {"hr/leave.md": "# Leave\n\nEvery employee has 30 days of leave a year.\n"}

    collection.add(_documents({"hr/leave.md": changed["hr/leave.md"]}))

    assert "30 days" in elsewhere.search("days of leave", n=1)[0].chunk.text
    assert elsewhere.version != before
    assert elsewhere.n_chunks == len(PAGES)


def test_a_removed_document_is_not_found(collection: Collection) -> None:
    collection.remove(["travel.md"])

    assert "travel.md" not in _found(collection, "hotel by train")
    assert "travel.md" not in collection.text_hashes()


def test_a_write_that_was_killed_midway_is_caught_up_with(
    collection: Collection, client: Any, make: Make
) -> None:
    """New chunks are in, older ones not out yet: the document counts as not indexed, and is added again."""
    leave = Document(id="hr/leave.md", title="hr/leave.md", text="# Leave\n\nThirty days.\n")

    class Killed(Exception):
        pass

    delete = client.delete

    def dies(*_: object, **__: object) -> None:
        raise Killed

    client.delete = dies
    with pytest.raises(Killed):
        collection.add([leave])
    client.delete = delete
    later = make()

    assert later.text_hashes()["hr/leave.md"] == ""
    later.add([leave])
    assert later.text_hashes()["hr/leave.md"] == leave.text_hash
    assert [chunk.text for chunk in later.chunks_of("hr/leave.md")] == ["# Leave\n\nThirty days."]


def test_a_document_that_two_processes_replace_at_once_is_not_lost(
    collection: Collection, client: Any, make: Make
) -> None:
    """Each takes out what the other one put in: whoever comes last looks whether its own chunks are there."""
    mine = Document("hr/leave.md", "Leave", "# Leave\n\n30 days.\n")
    elsewhere, delete = make(), client.delete

    def both(*given: Any, **named: Any) -> None:
        client.delete = delete
        delete(*given, **named)  # what the other process put in
        elsewhere.remove(["hr/leave.md"])  # and it what we did

    client.delete = both
    collection.add([mine])

    assert collection.text_hashes()["hr/leave.md"] == mine.text_hash
    assert [chunk.text for chunk in collection.chunks_of("hr/leave.md")] == ["# Leave\n\n30 days."]


def test_a_document_of_which_a_chunk_was_lost_is_added_again(collection: Collection, client: Any) -> None:
    """Two processes at once may leave a part of its chunks, all of one text: it must not count as whole."""
    pages = "\n\n".join(f"# Part {n}\n\n" + f"The key of room {n} hangs on hook {n}. " * 60 for n in range(4))
    rooms = Document("rooms.md", "Rooms", pages)
    collection.add([rooms])
    chunks = collection.chunks_of("rooms.md")
    assert len(chunks) > 1
    lost = qdrant_client.models.FieldCondition(
        key="id", match=qdrant_client.models.MatchValue(value=chunks[1].id)
    )
    client.delete("handbook", qdrant_client.models.FilterSelector(filter={"must": [lost]}))

    assert collection.text_hashes()["rooms.md"] == ""
    collection.add([rooms])
    assert collection.chunks_of("rooms.md") == chunks
    assert collection.text_hashes()["rooms.md"] == rooms.text_hash


def test_an_index_whose_making_was_killed_is_made_anew(client: Any, make: Make) -> None:
    """Its collection is there and says nothing yet: the next process must not be stuck with it."""

    class Killed(Exception):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Killed

    client.upsert, upsert = dies, client.upsert
    with pytest.raises(Killed):
        make().add(_documents())
    client.upsert = upsert

    assert make().search("days of leave") == []
    make().add(_documents())
    assert make().n_chunks == len(PAGES)


def test_vectors_of_another_dimension_are_refused_with_the_way_out(
    collection: Collection, make: Make
) -> None:
    assert collection.n_chunks
    other = make(n_dimensions=32)
    other._embedder.name = collection._embedder.name  # type: ignore[misc]

    with pytest.raises(IndexMismatch, match=r"64 numbers.*makes 32") as caught:
        other.add(_documents())

    assert "--rebuild" in caught.value.hint


def test_a_collection_of_somebody_else_is_left_alone(client: Any, make: Make) -> None:
    models = qdrant_client.models
    client.create_collection("photos", models.VectorParams(size=4, distance=models.Distance.DOT))

    with pytest.raises(IndexMismatch, match="not made by Lorewright"):
        make(name="photos").add(_documents())

    assert client.count("photos").count == 0


def test_a_server_that_is_down_is_named(tmp_path: Path) -> None:
    """Whoever asks hears where it should be and that nothing is lost."""
    collection = Collection(
        tmp_path, HashingEmbedder(64), Retrieval(), home=lambda place: home_at(NOWHERE, place.name, place)
    )

    with pytest.raises(IndexUnavailable, match=r"The index at http://127.0.0.1:9 cannot") as caught:
        collection.search("leave")

    assert "Nothing is lost" in caught.value.hint


@pytest.mark.parametrize(
    "index", ["qdrant:6333/a", "http://qdrant:6333", "s3://bucket", "http://qdrant:6333/a/b", "ftp://x/y"]
)
def test_what_is_no_place_of_an_index_is_refused(index: str) -> None:
    with pytest.raises(InvalidSetting, match=r"retrieval\.index"):
        replace(Retrieval(), index=index)


def test_a_password_in_the_address_is_not_repeated() -> None:
    with pytest.raises(InvalidSetting) as caught:
        Retrieval(index="http://me:secret@qdrant:6333/a")

    assert "secret" not in f"{caught.value} {caught.value.hint}"
