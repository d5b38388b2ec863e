"""Drafts checked against what the search finds."""

from collections.abc import Sequence

from lorewright.documents import Chunk
from lorewright.evaluation.suggested.checks import Checks
from lorewright.evaluation.suggested.draft import Draft, Evidence
from lorewright.knowledge import Hit

TEXTS = {
    "a.md": "The warranty of the Finch lasts 24 months.",
    "b.md": "The warranty of the Robin lasts 12 months.",
}


def _hits(*names: str) -> list[Hit]:
    return [
        Hit(Chunk(name, name, "", 0, len(TEXTS[name]), TEXTS[name]), score=1.0, rank=rank)
        for rank, name in enumerate(names, 1)
    ]


def _draft(question: str, answer: str = "24 months", *, closer: str = "") -> Draft:
    text = TEXTS["a.md"]
    evidence = Evidence(document_id="a.md", title="Finch", start=0, end=len(text), text=text)
    return Draft(kind="sentence", question=question, answer=answer, evidence=(evidence,), closer=closer)


def _passed(draft: Draft, hits: Sequence[Hit]) -> Draft | str:
    return Checks(lambda _: hits, None, [text.lower() for text in TEXTS.values()]).passed(draft)


def test_a_question_whose_place_is_not_found_is_dropped() -> None:
    """What no search finds measures the questions, not the arms."""
    question = "How many months does the warranty of the Finch last?"

    assert _passed(_draft(question), _hits("a.md")) == _draft(question)
    assert _passed(_draft(question), _hits("b.md")) == "not found"


def test_a_question_that_another_place_answers_otherwise_is_asked_more_closely_or_dropped() -> None:
    """The right answer to "How long is the warranty?" depends on which one."""
    vague = "How many months does the warranty last?"
    closer = "Regarding the Finch, how many months does the warranty last?"

    assert _passed(_draft(vague), _hits("a.md", "b.md")) == "elsewhere"
    assert _passed(_draft(vague, closer=closer), _hits("a.md", "b.md")) == _draft(closer, closer=closer)


def test_a_question_that_holds_its_answer_or_points_at_nothing_is_dropped() -> None:
    """Copying the question must not be right."""
    assert _passed(_draft("Does the Finch have a warranty of 24 months?"), _hits("a.md")) == "gives away"
    assert _passed(_draft("How many months does it last for this model?"), _hits("a.md")) == "wording"


def test_a_near_miss_is_kept_only_while_no_document_holds_its_words_together() -> None:
    """A refusal that is counted as right must be right."""
    text = TEXTS["a.md"]
    evidence = Evidence(document_id="a.md", title="Finch", start=0, end=len(text), text=text)

    def missing(*absent: str) -> Draft:
        question = f"What is the {absent[1]} of the {absent[0]}?"
        return Draft(kind="unanswerable", question=question, answer="", evidence=(evidence,), absent=absent)

    assert _passed(missing("Finch", "price"), _hits("a.md")) == missing("Finch", "price")
    assert _passed(missing("Finch", "warranty"), _hits("a.md")) == "answerable"
