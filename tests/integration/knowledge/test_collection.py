"""Documents in, hits out, on a real index."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lorewright.access.readable import EVERYTHING, Readable
from lorewright.documents import Chunk, Document
from lorewright.errors import Cancelled, IndexMismatch
from lorewright.knowledge import Added, Collection, Retriever
from lorewright.knowledge.chunk_table import ChunkTable, find_chunk_table, make_chunk_table
from lorewright.knowledge.index import Embedded, FolderHome, Index
from lorewright.knowledge.index_location import make_current, other_place
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

LEAVE = Document("leave.md", "Leave", "Everybody gets 28 days of holiday.")
TRAVEL = Document("travel's.md", "Travel", "Go by train. Flights need the form T-18.0.69.")


def collection(folder: Path, *, n_dimensions: int = 64) -> Collection:
    return Collection(folder / "index", HashingEmbedder(n_dimensions), Retrieval())


def texts(found: Retriever, query: str) -> list[str]:
    return [hit.chunk.text for hit in found.search(query)]


def test_what_was_added_is_found_by_words_and_by_meaning_at_once(tmp_path: Path) -> None:
    handbook = collection(tmp_path)

    assert handbook.add([LEAVE, TRAVEL]) == Added(n_documents=2, n_chunks=2)

    for mode in ("fused", "text", "dense"):
        hits = handbook.search("how many days of holiday", mode=mode)
        assert hits[0].chunk.document_id == "leave.md"
        assert hits[0].rank == 1


def test_a_long_document_is_indexed_in_parts_and_replaced_as_one(tmp_path: Path) -> None:
    """A log of a hundred megabytes must not need its chunks and vectors in memory all together."""
    rooms = "\n\n".join(
        f"Room {n}: the key hangs on hook {n} beside the door of the hall." for n in range(16_500)
    )
    archive = Collection(tmp_path / "index", HashingEmbedder(16), Retrieval(chunk_tokens=64))

    archive.add([LEAVE, Document("rooms.txt", "Rooms", rooms)])

    assert archive.n_chunks > 4_097, "more than one part"
    assert archive.search("Room 16321", mode="text")[0].chunk.document_id == "rooms.txt"
    assert archive.text_hashes()["rooms.txt"] == Document("rooms.txt", "Rooms", rooms).text_hash

    archive.add([Document("rooms.txt", "Rooms", "All keys hang at the desk.")])

    assert archive.n_chunks == 2


def test_a_number_with_dots_is_found_as_it_is_written(tmp_path: Path) -> None:
    handbook = collection(tmp_path)
    handbook.add([LEAVE, TRAVEL])

    assert [hit.chunk.document_id for hit in handbook.search("18.0.69", mode="text")] == ["travel's.md"]


def test_a_changed_document_replaces_the_old_one(tmp_path: Path) -> None:
    """The old text must not be there to be cited."""
    handbook = collection(tmp_path)
    handbook.add([LEAVE, TRAVEL])

    handbook.add([Document("leave.md", "Leave", "Everybody gets 30 days of holiday.")])

    assert texts(handbook, "days of holiday")[0] == "Everybody gets 30 days of holiday."
    assert handbook.n_chunks == 2


def test_the_later_of_two_documents_with_one_id_stays(tmp_path: Path) -> None:
    handbook = collection(tmp_path)

    handbook.add([LEAVE, Document("leave.md", "Leave", "No holiday at all.")])

    assert [chunk.text for chunk in handbook.chunks_of("leave.md")] == ["No holiday at all."]


def test_a_removed_document_is_gone(tmp_path: Path) -> None:
    handbook = collection(tmp_path)
    handbook.add([LEAVE, TRAVEL])

    handbook.remove(["travel's.md", "never-there.md"])

    assert handbook.text_hashes() == {"leave.md": LEAVE.text_hash}
    assert texts(handbook, "train flights form") == ["Everybody gets 28 days of holiday."]


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    reader, writer = collection(tmp_path), collection(tmp_path)
    assert reader.search("holiday") == []

    writer.add([LEAVE])
    assert texts(reader, "holiday") == [LEAVE.text]

    writer.add([Document("leave.md", "Leave", "Everybody gets 30 days of holiday.")])
    assert texts(reader, "holiday") == ["Everybody gets 30 days of holiday."]


def test_the_version_says_what_is_indexed_and_nothing_else(tmp_path: Path) -> None:
    """An answer's provenance must not change because the index was tidied or built anew elsewhere."""
    here, there = collection(tmp_path / "here"), collection(tmp_path / "there")
    here.add([LEAVE])
    here.add([TRAVEL])
    version = here.version

    here.compact()
    there.add([TRAVEL, LEAVE])
    assert here.version == there.version == version

    here.remove(["leave.md"])
    assert here.version != version


def test_an_index_of_another_embedding_model_is_not_added_to(tmp_path: Path) -> None:
    collection(tmp_path).add([LEAVE])
    other = collection(tmp_path, n_dimensions=32)

    with pytest.raises(IndexMismatch, match="'hashing-64'; now it is 'hashing-32'") as refused:
        other.add([TRAVEL])
    with pytest.raises(IndexMismatch):
        other.search("holiday", mode="dense")

    assert "lorewright add --rebuild" in refused.value.hint


def test_an_index_of_another_embedding_model_is_searched_by_words(tmp_path: Path) -> None:
    """Whoever changes the model goes on answering until the new index is there."""
    collection(tmp_path).add([LEAVE, TRAVEL])

    found = collection(tmp_path, n_dimensions=32).search("leave")

    assert [hit.chunk.document_id for hit in found][:1] == ["leave.md"]
    assert all(hit.cosine is None for hit in found)


@pytest.mark.parametrize("query", ["", "  \n", "?!", "the", "\0", "AND OR (", 'a "b', "x" * 50_000])
def test_no_query_breaks_the_search(tmp_path: Path, query: str) -> None:
    handbook = collection(tmp_path)
    handbook.add([LEAVE])

    assert len(handbook.search(query)) <= 1


def test_german_words_are_found_in_their_other_forms(tmp_path: Path) -> None:
    """The stemmer follows the documents' language."""
    handbook = collection(tmp_path)
    handbook.add([Document("urlaub.md", "", "Der Antrag auf die Reisen ist mit der Leitung zu klären.")])

    assert texts(handbook, "Anträge Reise") == ["Der Antrag auf die Reisen ist mit der Leitung zu klären."]


def test_stopping_midway_keeps_what_was_finished(tmp_path: Path) -> None:
    handbook = collection(tmp_path)

    def stop_after_the_first_batch(done: int, total: int) -> None:
        if done:
            raise Cancelled(f"stopped at {done} of {total}")

    with pytest.raises(Cancelled):
        handbook.add([long_document("a.md"), long_document("b.md")], progress=stop_after_the_first_batch)

    assert list(handbook.text_hashes()) == ["a.md"]


def test_a_killed_writer_leaves_whole_documents_and_a_usable_index(tmp_path: Path) -> None:
    """kill -9 at any point: nothing half-written, and the next add goes on."""
    process = multiprocessing.get_context("spawn").Process(target=add_until_killed, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    handbook = collection(tmp_path)
    assert list(handbook.text_hashes()) == ["a.md"]
    handbook.add([LEAVE])
    assert texts(handbook, "holiday")[0] == LEAVE.text


def add_until_killed(folder: Path) -> None:
    def documents() -> Iterator[Document]:
        yield long_document("a.md")
        yield long_document("b.md")

    def kill(done: int, total: int) -> None:  # noqa: ARG001
        if done:
            os.kill(os.getpid(), signal.SIGKILL)

    collection(folder).add(documents(), progress=kill)


def long_document(document_id: str) -> Document:
    """Return a document of more chunks than are committed at once."""
    paragraphs = (f"Paragraph {number} of many. " + "word " * 120 for number in range(600))
    return Document(document_id, "Long", "\n\n".join(paragraphs))


def test_the_row_of_the_release_asked_for_comes_first(tmp_path: Path) -> None:
    """Rows of a table look alike to an embedding; the exact version tells them apart."""
    rows = [
        Document(f"{n}.md", "MariaDB", f"MariaDB {n} gets security fixes until 20{n}-01-01.")
        for n in range(10, 30)
    ]
    desk = collection(tmp_path)
    desk.add(rows)

    assert texts(desk, "Until when does MariaDB 17 get security fixes?")[0] == rows[7].text


RETURNS = "You can return goods within 30 days. Returned goods must be unused and in the box."


def test_the_same_text_in_several_places_is_one_hit_that_names_them_all(tmp_path: Path) -> None:
    """Copies of one page took all places in the prompt, and the page with the answer had none."""
    shop = collection(tmp_path)
    shop.add(
        [
            *(Document(f"{place}/returns.md", "Returns", RETURNS) for place in ("shop", "archive", "copy")),
            Document("curtains.md", "Curtains", "Curtains are made for one window and not taken back."),
        ]
    )

    first, second = shop.search("Are there goods that are not taken back within 30 days?", n=2)

    places = {first.chunk.document_id, *(place.document_id for place in first.also)}
    assert places == {"shop/returns.md", "archive/returns.md", "copy/returns.md"} or second.also
    assert RETURNS in {first.chunk.text, second.chunk.text}
    assert "curtains.md" in {first.chunk.document_id, second.chunk.document_id}


def test_many_copies_do_not_hide_what_is_unlike_them(tmp_path: Path) -> None:
    """Thousands of near-equal pages fill every ranking; the search goes on until it finds others."""
    notices = collection(tmp_path)
    copies = (
        Document(f"{n}.md", "Notice", "The lift on this floor is out of order today.") for n in range(80)
    )
    other = Document("other.md", "Notice", "The lift in the garage is fine on every floor.")
    notices.add([*copies, other])

    assert len(notices.search("Which lift is out of order on a floor today?", n=2)) == 2


def test_asking_for_more_hits_does_not_change_the_first(tmp_path: Path) -> None:
    """A citation must not depend on how long a list somebody asked for."""
    pages = collection(tmp_path)
    pages.add(
        Document(f"{n}.md", f"Page {n}", f"Part {n} costs {n * 7 % 50} crowns in row {n}.") for n in range(90)
    )

    few, many = (pages.search("What does part 7 in row 7 cost?", n=n) for n in (5, 80))

    assert [hit.chunk.id for hit in few] == [hit.chunk.id for hit in many[:5]]


@pytest.mark.parametrize("query", ["E4711", "e 4711", "E-4711"])
def test_a_code_is_found_by_words_in_every_spelling(tmp_path: Path, query: str) -> None:
    faults = collection(tmp_path)
    faults.add(
        [
            Document("one.md", "Faults", "When the display shows E-4711 the feeder is empty."),
            Document("two.md", "Faults", "When the display shows E-4712 the feeder jams."),
        ]
    )

    assert faults.search(query, mode="text")[0].chunk.document_id == "one.md"


def test_meaning_does_not_count_in_a_language_the_model_does_not_know(tmp_path: Path) -> None:
    """Arabic pages lost 7 to 9 points because an English model had half of the say."""

    class English(HashingEmbedder):
        languages = ("English",)

    pages = Collection(tmp_path / "index", English(64), Retrieval())

    assert pages.dense_weight("How many days of holiday does everybody get?") > 0
    assert pages.dense_weight("Wie viele Urlaubstage haben die Mitarbeiter im Jahr?") == 0.0
    assert pages.dense_weight("كم يوما من الإجازة يحق للموظفين كل عام") == 0.0


def test_a_changed_document_leaves_nothing_of_its_old_text_in_a_large_index(tmp_path: Path) -> None:
    """There it is put in and the old chunks taken out in two commits; searches look at no other chunk."""
    table = make_chunk_table(tmp_path, n_dimensions=2, stamp={"language": "English"})
    many = [chunk_of("other", number) for number in range(5_000)]
    table.replace(
        [Document("other", "", "x")], [Embedded("", many, np.ones((len(many), 2), dtype=np.float32))]
    )
    before, after = [chunk_of("page", n) for n in range(3)], [chunk_of("page", n) for n in (2, 3)]
    for chunks, text in ((before, "before"), (after, "after")):
        vectors = np.ones((len(chunks), 2), dtype=np.float32)
        table.replace([Document("page", "", text)], [Embedded("", chunks, vectors)])

    assert table.chunks_of("page") == after
    assert table.n_chunks == 5_002
    assert table.text_hashes()["page"] == Document("page", "", "after").text_hash


def test_a_document_of_which_two_texts_are_in_counts_as_not_indexed(tmp_path: Path) -> None:
    """A kill between the two commits: it must be indexed again, and not be taken for whole."""
    table = make_chunk_table(tmp_path, n_dimensions=2, stamp={"language": "English"})
    for number, text in enumerate(("before", "after")):
        chunks = [chunk_of("page", number)]
        table.extend(
            Document("page", "", text), [Embedded("", chunks, np.ones((1, 2), dtype=np.float32))],
            n_before=1, is_last=True,
        )  # fmt: skip

    assert table.text_hashes() == {"page": ""}


def test_a_document_that_two_processes_add_at_once_is_in_once(tmp_path: Path) -> None:
    """Both find no chunk of it yet, and neither commit touches a row of the other one."""
    collection(tmp_path).add([LEAVE])
    tables = [find_chunk_table(tmp_path / "index") for _ in range(3)]
    at_once = Barrier(len(tables))

    def add(table: Any) -> None:
        chunks = [chunk_of("page", number) for number in range(4)]
        at_once.wait()
        table.replace([Document("page", "", "x")], [Embedded("", chunks, None)])

    with ThreadPoolExecutor(len(tables)) as pool:
        list(pool.map(add, tables))

    assert tables[0] is not None
    assert [chunk.id for chunk in tables[0].chunks_of("page")] == ["page0", "page1", "page2", "page3"]


def test_a_document_whose_chunks_are_in_twice_is_put_right(tmp_path: Path) -> None:
    """Two processes at once left that in an index of an earlier release: answers would cite it twice."""
    table = make_chunk_table(tmp_path, n_dimensions=2, stamp={"language": "English"})
    page, parts = Document("page", "", "x"), [Embedded("", [chunk_of("page", n) for n in range(3)], None)]
    table.replace([page], parts)
    table._table.add(table._table.to_arrow())

    assert table.text_hashes() == {"page": ""}
    table.replace([page], parts)
    assert [chunk.id for chunk in table.chunks_of("page")] == ["page0", "page1", "page2"]
    assert table.text_hashes() == {"page": page.text_hash}


def test_a_document_of_which_a_chunk_is_missing_counts_as_not_indexed(tmp_path: Path) -> None:
    """What is lost is noticed, whoever lost it, and indexed again with the next sync."""
    table = make_chunk_table(tmp_path, n_dimensions=2, stamp={"language": "English"})
    page, parts = Document("page", "", "x"), [Embedded("", [chunk_of("page", n) for n in range(3)], None)]
    table.replace([page], parts)
    table._table.delete("id = 'page1'")

    assert table.text_hashes() == {"page": ""}
    table.replace([page], parts)
    assert table.n_chunks == 3
    assert table.text_hashes() == {"page": page.text_hash}


def test_a_long_document_counts_as_indexed_with_its_last_part_and_no_sooner(tmp_path: Path) -> None:
    """Not even where another process took out what was in before: then its first part is missing."""
    table = make_chunk_table(tmp_path, n_dimensions=2, stamp={"language": "English"})
    page = Document("page", "", "x")
    first, last = ([Embedded("", [chunk_of("page", n) for n in part], None)] for part in ((0, 1), (2,)))
    table.extend(page, first, n_before=0, is_last=False)
    assert table.text_hashes() == {"page": ""}
    table.extend(page, last, n_before=2, is_last=True)
    assert table.text_hashes() == {"page": page.text_hash}

    table.remove(["page"])
    table.extend(page, last, n_before=2, is_last=True)
    assert table.text_hashes() == {"page": ""}


def test_small_additions_are_compacted_when_there_are_many_of_them(tmp_path: Path) -> None:
    """Each would cost a compaction of the whole index, and without one searches get slower and slower."""
    handbook = collection(tmp_path)
    handbook.add([LEAVE])
    table = find_chunk_table(tmp_path / "index")
    assert table is not None
    assert table.n_scattered == 1
    handbook.tidy(is_at_rest=True)
    assert table.n_scattered == 1

    for number in range(9):
        handbook.add([Document(f"{number}.md", "Page", f"Page {number}.")])
    assert table.n_scattered == 10
    handbook.tidy(is_at_rest=True)
    assert table.n_scattered == 0


def test_processes_that_compact_at_once_leave_it_to_one(tmp_path: Path) -> None:
    """Of two that added a folder at once, one ended with an error of the index, though nothing was lost."""
    handbook = collection(tmp_path)
    for number in range(12):
        handbook.add([Document(f"{number}.md", "Page", f"Page {number}.")])
    tables = [find_chunk_table(tmp_path / "index") for _ in range(6)]
    start = Barrier(len(tables))

    def compact(table: ChunkTable | None) -> None:
        assert table is not None
        start.wait(30)
        table.compact()

    with ThreadPoolExecutor(len(tables)) as threads:
        list(threads.map(compact, tables))
    assert {texts(handbook, f"page {number}")[0] for number in range(12)} == {
        f"Page {number}." for number in range(12)
    }


def chunk_of(document_id: str, number: int) -> Chunk:
    return Chunk(f"{document_id}{number}", document_id, "", number, number + 1, f"chunk {number}")


LONGER = "and more "


class Moving:
    """A table that somebody else changes between any two looks at it."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._number = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    async def version(self) -> int:
        """Return another number each time."""
        self._number += 1
        return self._number


def _filled(tmp_path: Path) -> tuple[ChunkTable, NDArray[np.float32]]:
    model = HashingEmbedder(16)
    table = make_chunk_table(tmp_path, n_dimensions=16, stamp={"language": "English", "embedder": model.name})
    for number in range(12):
        document = Document(
            id=f"{'hr/' if number % 2 else ''}{number}.md", title="", text=f"leave {number} {LONGER * number}"
        )
        text = document.text
        chunk = Chunk(f"{document.id}#0", document.id, "", 0, len(text), text)
        table.replace([document], [Embedded(model.name, [chunk], model.embed([text]))])
    return table, model.embed_query("leave 7")


@pytest.mark.parametrize(
    "among", [None, ["1.md", "2.md", "hr/7.md", "hr/3.md"]], ids=["all", "among some documents"]
)
@pytest.mark.parametrize(
    "readable", [EVERYTHING, Readable(True, frozenset({"hr/"}), frozenset())], ids=["all", "a part"]
)
def test_both_sides_at_once_find_what_each_finds(
    tmp_path: Path, among: list[str] | None, readable: Readable
) -> None:
    """Asking for both is cheaper and may not change an answer."""
    table, vector = _filled(tmp_path)

    text, (dense,) = table.by_both("leave 7", [("", vector)], n=5, among=among, readable=readable)

    assert text == table.by_text("leave 7", n=5, among=among, readable=readable)
    assert dense == table.by_vector(vector, n=5, among=among, readable=readable)
    assert len(dense) >= 1


def test_rows_of_a_table_that_changed_meanwhile_are_not_trusted(tmp_path: Path) -> None:
    """Another process compacts: the same row number may then be another chunk."""
    table, vector = _filled(tmp_path)
    table._table._table = Moving(table._table._table)

    text, (dense,) = table.by_both("leave 7", [("", vector)], n=5)

    assert text == table.by_text("leave 7", n=5)
    assert dense == table.by_vector(vector, n=5)


def test_an_index_that_goes_while_it_is_opened_is_looked_for_where_the_new_one_is(tmp_path: Path) -> None:
    """Another process ends a rebuild just then: the folder that was named a moment ago is gone."""
    collection(tmp_path).add([LEAVE])
    folder = tmp_path / "index"
    Collection(other_place(folder), HashingEmbedder(64), Retrieval()).add([TRAVEL])

    class Swapped(FolderHome):
        def find(self) -> Index | None:
            if self.folder == folder:
                make_current(folder, other_place(folder))
                raise RuntimeError("lance error: Not found: index/chunk.lance/_versions")
            return super().find()

    searching = Collection(folder, HashingEmbedder(64), Retrieval(), home=Swapped)

    assert [hit.chunk.document_id for hit in searching.search("by train")] == ["travel's.md"]


def test_an_index_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    class Broken(FolderHome):
        def find(self) -> Index | None:
            raise RuntimeError("no space left")

    with pytest.raises(RuntimeError, match="no space left"):
        Collection(tmp_path / "index", HashingEmbedder(64), Retrieval(), home=Broken).search("by train")
