"""Why a wrong answer is wrong."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from lorewright.evaluation import REMEDIES, Question, ScoringContext, score_answer
from lorewright.flows import Answer
from lorewright.knowledge import Hit
from lorewright.settings import Evaluation, FieldPattern

Ask = Callable[..., Question]
Say = Callable[..., Answer]


@pytest.fixture
def failure(pages: Mapping[str, str]) -> Callable[[Question, Answer], str]:
    context = ScoringContext(document_text=pages.get)
    return lambda question, answer: score_answer(question, answer, context).failure


def test_a_right_answer_has_no_failure(ask: Ask, say: Say, failure: Callable[..., str]) -> None:
    question = ask(targets=("2025-07-08",), document_ids=("plesk",))
    assert failure(question, say("8 Jul 2025", found=("plesk",))) == ""


def test_the_first_cause_in_the_chain_is_named(ask: Ask, say: Say, failure: Callable[..., str]) -> None:
    """Each name has its own remedy, so a wrong name sends a user the wrong way."""
    question = ask(targets=("2025-07-08",), stale_targets=("2025-06-01",), document_ids=("plesk",))
    assert failure(question, say("1 Jun 2025", found=("plesk",))) == "stale"
    assert failure(question, say("9 Sep 2029", found=("deno",))) == "not-retrieved"
    assert failure(question, say("I cannot answer that.", found=("deno",))) == "not-retrieved"
    assert failure(question, say("9 Sep 2029", found=("plesk",))) == "retrieved-but-ignored"
    assert failure(question, say("I cannot answer that.", found=("plesk",))) == "over-refused"
    assert failure(question, say("9 Sep 2029")) == "not-known"
    assert failure(ask(answerable=False), say("9 Sep 2029")) == "not-refused"
    gone = ask(targets=("2025-07-08",), document_ids=("removed",))
    assert failure(gone, say("9 Sep 2029", found=("deno",))) == "not-in-documents"


def test_without_document_ids_the_index_is_searched(ask: Ask, say: Say) -> None:
    """A fact that no document holds and one that was not found need different remedies."""
    plesk = say("", found=("plesk",)).hits

    def index(hits: Sequence[Hit]) -> ScoringContext:
        return ScoringContext(search=lambda _query: hits)

    question = ask(targets=("2025-07-08",))
    missed = say("9 Sep 2029", found=("deno",))
    assert score_answer(question, missed, index(plesk)).failure == "not-retrieved"
    assert score_answer(question, missed, index(missed.hits)).failure == "not-in-documents"


def test_right_content_in_the_wrong_form(ask: Ask, say: Say) -> None:
    settings = Evaluation(fields=(FieldPattern(name="status", pattern=r"^STATUS: (\w+)$"),))
    context = ScoringContext(settings=settings, primary="fields")
    question = ask(targets=("STATUS: SUPPORTED",))
    assert score_answer(question, say("It is supported."), context).failure == "wrong-form"
    assert score_answer(question, say("It is gone."), context).failure == "not-known"


def test_every_failure_has_a_remedy() -> None:
    assert all(remedy.endswith(".") for remedy in REMEDIES.values())


def test_a_row_holds_what_is_needed_to_debug_it(ask: Ask, say: Say) -> None:
    question = ask(targets=("2025-07-08",), document_ids=("plesk",))
    row = score_answer(
        question, say("Until 9 Aug 2031.", found=("plesk",), cites=("plesk",)), ScoringContext()
    )
    assert (row.question_id, row.text, row.is_right) == (question.id, "Until 9 Aug 2031.", False)
    assert row.unsupported
    assert [cited.document_id for cited in row.citations] == ["plesk"]
    assert (row.prompt_tokens, row.latency_ms) == (200, 100.0)


def test_without_documents_a_label_is_wrong_or_is_none(ask: Ask, say: Say) -> None:
    """Confused labels need examples; made-up ones an arm that knows the labels."""
    context = ScoringContext(primary="exact", labels=("card_arrival", "refund"))
    question = ask(targets=("refund",))
    assert score_answer(question, say("Card_arrival."), context).failure == "wrong-label"
    assert score_answer(question, say("card_delivery"), context).failure == "no-such-label"


def test_without_documents_a_part_of_the_answer_is_missing_content(ask: Ask, say: Say) -> None:
    context = ScoringContext(primary="exact")
    question = ask(
        targets=("Check the seal, close the valve, then call the site engineer and wait outside.",)
    )
    assert score_answer(question, say("Check the seal."), context).failure == "missing-content"
    assert score_answer(question, say("Open all windows."), context).failure == "not-known"
