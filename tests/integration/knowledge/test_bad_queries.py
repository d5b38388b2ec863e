"""Queries and pages that nobody writes on purpose, and that arrive all the same."""

import random
from pathlib import Path

import pytest

from lorewright.documents import Document
from lorewright.knowledge import Collection
from lorewright.knowledge.identifiers import LONGEST_CHARS, identifiers, shortened
from lorewright.models.fakes import HashingEmbedder
from lorewright.settings import Retrieval

LEAVE = Document("leave.md", "Leave", "Everybody gets 30 days of holiday.")
ROOMS = [
    Document(f"{n}.md", "Rooms", f"Room {n} has {n} chairs. The key hangs on hook {n}.") for n in range(40)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("index")
    Collection(made, HashingEmbedder(64), Retrieval()).add([LEAVE, *ROOMS])
    return made


@pytest.fixture
def pages(folder: Path) -> Collection:
    """An index just opened: after some searches it is read into memory, where numbers are rounded."""
    return Collection(folder, HashingEmbedder(64), Retrieval())


def words_of(letters: str, n: int) -> str:
    draw = random.Random(0)
    return " ".join("".join(draw.choices(letters, k=6)) for _ in range(n))


@pytest.mark.parametrize(
    "query",
    [
        words_of("abcdefgh", 150_000),
        " ".join(f"E-{n}" for n in range(130_000)),
        "holiday " * 130_000,
        "x" * 1_000_000,
    ],
    ids=["words", "identifiers", "one word", "no space"],
)
def test_a_query_of_a_megabyte_is_searched_for_as_a_long_one(pages: Collection, query: str) -> None:
    """Its identifiers alone took minutes of a processor: one such request stopped a server."""
    assert len(query) > 900_000
    assert len(shortened(query)) <= LONGEST_CHARS + 1
    assert pages.search(query) == pages.search(shortened(query))
    assert len(identifiers(query)) < LONGEST_CHARS


def test_the_end_of_a_long_query_counts(pages: Collection) -> None:
    """A pasted log with the question below it."""
    hits = pages.search(f"{'zzz ' * 100_000} days of holiday", mode="text")

    assert hits[0].chunk.document_id == "leave.md"


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE chunk; -- holiday",
        'holiday" OR 1=1 UNION SELECT * FROM document',
        'holiday* NEAR/3 ^days {a b} +"x y" -foo:bar ~2 \\ (((( AND NOT',
        "holiday كم يوما 何日 дней วัน \u202e\ufeff",
    ],
)
def test_syntax_and_scripts_are_words(pages: Collection, query: str) -> None:
    before = pages.n_chunks

    assert "leave.md" in [hit.chunk.document_id for hit in pages.search(query)]
    assert pages.n_chunks == before


@pytest.mark.parametrize("query", ["the of and to in is it " * 50, "?", "\x00", "\u200b\u200b"])
def test_a_query_without_a_word_of_meaning_breaks_nothing(pages: Collection, query: str) -> None:
    assert len(pages.search(query)) <= 3


def test_a_question_in_a_language_that_no_page_has_finds_nothing_by_meaning(tmp_path: Path) -> None:
    """Rather no hit than any: an English model sees nothing in what it cannot read."""

    class English(HashingEmbedder):
        languages = ("English",)

    made = Collection(tmp_path, English(64), Retrieval())
    made.add([LEAVE, *ROOMS])

    assert made.search("كم يوما من الإجازة يحق للموظفين كل عام؟") == []
    german = made.search("Wie viele Stühle hat der Raum 7 und wo ist der Schlüssel?")
    assert all(hit.cosine is None for hit in german)


@pytest.mark.thorough
def test_five_thousand_pages_that_are_nearly_equal_hide_no_other(tmp_path: Path) -> None:
    """Copies are one hit, and the page that says otherwise stands beside it."""
    made = Collection(tmp_path, HashingEmbedder(64), Retrieval())
    text = "Minutes of the weekly meeting. The fee for parking is 30 crowns a month, as it was before."
    same = [Document(f"m/{n}.md", "Minutes", text) for n in range(5_000)]
    other = Document("now.md", "Minutes", text.replace("30 crowns", "45 crowns"))
    made.add([*same, other, LEAVE])

    hits = made.search("What is the fee for parking a month?", n=3)

    assert [hit.chunk.document_id == "now.md" for hit in hits].count(True) == 1
    assert len({hit.chunk.text for hit in hits}) == len(hits)
