"""The parts of the hits that a completion was written from."""

from lorewright.documents import Chunk
from lorewright.flows.arms.needed_parts import claims_beyond, needed_parts
from lorewright.knowledge import Hit
from lorewright.knowledge.quotable import Quotable, quotables

QUESTION = "How long is Zope 3.1 served?"


def parts_of(*texts: str) -> list[Quotable]:
    hits = [
        Hit(Chunk(str(n), f"{n}.md", "", start=0, end=len(text), text=text), score=1.0, rank=n)
        for n, text in enumerate(texts, start=1)
    ]
    return [part for hit in hits for part in quotables(hit)]


def needed(completion: str, *texts: str, documents: tuple[str, ...] = ()) -> list[str]:
    found = needed_parts(QUESTION, completion, parts_of(*texts), style_words=frozenset(), documents=documents)
    return [part.text for part in found]


def test_a_claim_goes_beyond_a_question_where_it_holds_neither_it_nor_the_style() -> None:
    assert claims_beyond(QUESTION, "Zope 3.1 until 4 May 2021.", frozenset()) == {"4 May 2021"}
    assert claims_beyond(QUESTION, "Yes, it is.", frozenset()) == frozenset()


def test_the_fewest_parts_that_hold_every_claim_are_needed() -> None:
    texts = ("It costs 300 euros.", "Zope 3.1 is served until 4 May 2021.", "The newest release is Zope 4.7.")

    assert needed("Until 4 May 2021. Move to 4.7.", *texts) == [texts[1], texts[2]]
    assert needed("Until 4 May 2021.", *texts) == [texts[1]]


def test_what_no_part_holds_is_left_out() -> None:
    assert needed("Until 5 June 2022.", "It is served until 4 May 2021.") == []
    assert needed("Yes.", "It is served until 4 May 2021.") == []


def test_of_parts_that_hold_as_much_one_of_the_named_documents_is_taken() -> None:
    texts = ("Plone ends on 4 May 2021.", "Zope ends on 4 May 2021.")

    assert needed("On 4 May 2021.", *texts) == [texts[0]]
    assert needed("On 4 May 2021.", *texts, documents=("2.md",)) == [texts[1]]
