"""Flows on a real index: retrieved, grounded, cited, and made into rows to tune on."""

import re
from pathlib import Path

import pytest

from lorewright.datasets import Example
from lorewright.documents import Document
from lorewright.flows import Style, arms, run, training_rows
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Collection
from lorewright.messages import Message
from lorewright.models.fakes import HashingEmbedder, ScriptedEngine
from lorewright.settings import Retrieval

RETRIEVAL = Retrieval(n_kept=2)
STYLE = Style(instruction="You are the desk.", refusal="I do not know.", retrieval=RETRIEVAL)
PAGES = {"Node.js": "30 Apr 2027", "Debian": "10 Jun 2028", "Zope": "2 Mar 2026", "Jenkins": "7 Aug 2025"}


def page(until: str) -> str:
    return f"We run it.\n\n| Release | Fixes until |\n|---|---|\n| 22 | {until} |\n| 9 | ended |\n"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    built = Collection(tmp_path, HashingEmbedder(), RETRIEVAL)
    built.add(Document(f"{name.lower()}.md", name, page(until)) for name, until in PAGES.items())
    return built


def test_a_table_row_is_cited_though_the_date_is_written_otherwise(collection: Collection) -> None:
    engine = ScriptedEngine({}, otherwise="Debian 22 gets fixes until 2028-06-10.")

    answer = run(
        arms(STYLE)["rag"],
        (Message("user", "Until when does Debian 22 get fixes?"),),
        GivenParts({"": engine}, collection),
    )

    assert answer.text == "Debian 22 gets fixes until 2028-06-10."
    assert answer.citations[0].document_id == "debian.md"
    assert "10 Jun 2028" in answer.citations[0].quote
    assert answer.provenance.index_version == collection.version


def test_a_made_up_date_is_refused(collection: Collection) -> None:
    engine = ScriptedEngine({}, otherwise="Debian 22 gets fixes until 2031-06-10.")

    answer = run(
        arms(STYLE)["rag"],
        (Message("user", "Until when does Debian 22 get fixes?"),),
        GivenParts({"": engine}, collection),
    )

    assert (answer.text, answer.refused) == ("I do not know.", True)
    assert len(answer.unsupported) == 1


def test_a_changed_page_changes_the_next_answer(collection: Collection) -> None:
    """RAG knows a changed fact at once; nothing is tuned again."""

    def read(messages: object) -> str:
        found = re.search(r"\| 22 \| (.+?) \|", str(messages))
        return f"Until {found[1]} [1]." if found else "?"

    parts = GivenParts({"": ScriptedEngine(read)}, collection)
    asked = (Message("user", "Until when does Zope 22 get fixes?"),)
    before = run(arms(STYLE)["rag"], asked, parts)

    collection.add([Document("zope.md", "Zope", page("5 May 2029"))])

    after = run(arms(STYLE)["rag"], asked, parts)
    assert (before.text, after.text) == ("Until 2 Mar 2026.", "Until 5 May 2029.")
    assert before.provenance.index_version != after.provenance.index_version


def test_rows_hold_the_gold_chunk_of_the_live_index(collection: Collection) -> None:
    examples = [
        Example(name, (Message("user", f"Is {name} 22 fine?"),), f"{name} 22: until {until}", (name.lower(),))
        for name, until in PAGES.items()
    ]

    rows = training_rows(examples, style=STYLE, retriever=collection, no_gold_share=0.0)

    for row, (name, until) in zip(rows, PAGES.items(), strict=True):
        marked = re.search(r"\[(\d)\]\Z", row.completion)
        assert marked
        chunk = row.messages[-1].content.split(f"[{marked[1]}] ")[1].split("\n\n[")[0]
        assert until in chunk
        assert name in chunk


def test_a_named_document_is_looked_up_when_no_search_finds_it(collection: Collection) -> None:
    """Follow-ups such as this share no word with the page that answers them."""
    learned = Example("1", (Message("user", "Quite right?"),), "Yes indeed.", ("zope.md",))

    (row,) = training_rows([learned], style=STYLE, retriever=collection, no_gold_share=0.0)

    assert "2 Mar 2026" in row.messages[-1].content
    assert re.fullmatch(r"Yes indeed\. \[\d\]", row.completion)
