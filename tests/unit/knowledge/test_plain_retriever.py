"""The retriever that tests and offline demos of other packages use."""

from lorewright.documents import Document
from lorewright.knowledge import Retriever
from lorewright.knowledge.fakes import PlainRetriever

HANDBOOK = [
    Document("leave.md", "Leave", "Everybody gets 30 days.\n\nParental leave is 14 months."),
    Document("travel.md", "Travel", "Go by train.\n\nFlights need a signature."),
]


def test_the_paragraph_that_shares_the_rare_words_comes_first() -> None:
    retriever: Retriever = PlainRetriever(HANDBOOK)

    hits = retriever.search("How long is parental leave?")

    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].chunk.text == "Parental leave is 14 months."
    assert HANDBOOK[0].text[hits[0].chunk.start : hits[0].chunk.end] == hits[0].chunk.text


def test_nothing_shared_finds_nothing() -> None:
    assert PlainRetriever(HANDBOOK).search("quantum chromodynamics") == []


def test_another_text_is_another_version() -> None:
    changed = [Document("leave.md", "Leave", "Everybody gets 28 days.")]

    assert PlainRetriever(HANDBOOK).version != PlainRetriever(changed).version
