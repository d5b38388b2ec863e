"""Every scorer on answers whose score a person can check."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from lorewright.errors import InvalidSetting
from lorewright.evaluation import SCORERS, Question, ScoringContext
from lorewright.flows import Answer
from lorewright.models.fakes import HashingEmbedder, WordJudge
from lorewright.settings import Evaluation, FieldPattern

Ask = Callable[..., Question]
Say = Callable[..., Answer]

DESK = Evaluation(
    fields=(
        FieldPattern(name="status", pattern=r"^STATUS: (.+)$"),
        FieldPattern(name="until", pattern=r"until (\d[^.]+\d{4}|\d{4}-\d\d-\d\d)"),
    )
)
TARGET = "STATUS: ENDING-SOON\nANSWER: Plesk 18.0.69 gets security fixes until 8 Jul 2025."


def score(
    name: str, question: Question, answer: Answer, context: ScoringContext | None = None
) -> dict[str, float]:
    return dict(SCORERS.load(name)(question, answer, context or ScoringContext()))


def test_exact_forgives_case_and_punctuation_only(ask: Ask, say: Say) -> None:
    question = ask(targets=("The Broncos", "Denver Broncos"))
    assert score("exact", question, say("denver broncos!")) == {"exact": 1.0}
    assert score("exact", question, say("the Denver team")) == {"exact": 0.0}


def test_token_f1_takes_the_best_target(ask: Ask, say: Say) -> None:
    """Two of three words shared with the second target: precision 2/3, recall 2/2."""
    question = ask(targets=("something else", "Denver Broncos"))
    assert score("token_f1", question, say("Denver Broncos won")) == {"token_f1": pytest.approx(0.8)}


def test_fields_compare_values_not_their_format(ask: Ask, say: Say) -> None:
    context = ScoringContext(settings=DESK, primary="fields")
    right = score("fields", ask(targets=(TARGET,)), say("STATUS: Ending-soon\nuntil 2025-07-08"), context)
    assert right == {"fields": 1.0, "form": 1.0, "field.status": 1.0, "field.until": 1.0}
    wrong = score("fields", ask(targets=(TARGET,)), say("STATUS: SUPPORTED\nuntil 8 Jul 2025"), context)
    assert wrong == {"fields": 0.5, "form": 1.0, "field.status": 0.0, "field.until": 1.0}
    formless = score("fields", ask(targets=(TARGET,)), say("It ends soon."), context)
    assert formless == {"fields": 0.0, "form": 0.0, "field.status": 0.0, "field.until": 0.0}


def test_a_field_that_the_target_lacks_must_be_lacking(ask: Ask, say: Say) -> None:
    """An end date made up where none is announced is wrong, and not a matter of form."""
    context = ScoringContext(settings=DESK, primary="fields")
    question = ask(targets=("STATUS: SUPPORTED\nANSWER: No end date is announced.",))
    scores = score("fields", question, say("STATUS: SUPPORTED\nuntil 1 Jan 2030"), context)
    assert (scores["field.until"], scores["form"]) == (0.0, 1.0)


def test_json_fields_are_read_from_between_words(ask: Ask, say: Say) -> None:
    settings = Evaluation(fields=(FieldPattern(name="end", json="release.end"),))
    context = ScoringContext(settings=settings, primary="fields")
    question = ask(targets=('{"release": {"end": "2025-07-08"}}',))
    answer = say('Here it is:\n```json\n{"release": {"end": "8 Jul 2025"}}\n```')
    assert score("fields", question, answer, context)["fields"] == 1.0
    assert score("fields", question, say("{no json}"), context)["form"] == 0.0


def test_a_broken_field_pattern_is_named(ask: Ask, say: Say) -> None:
    settings = Evaluation(fields=(FieldPattern(name="status", pattern="("),))
    with pytest.raises(InvalidSetting, match=r"the pattern '\(' of 'status'"):
        score("fields", ask(targets=("x",)), say("x"), ScoringContext(settings=settings))


def test_semantic_is_the_cosine_of_the_nearest_target(ask: Ask, say: Say) -> None:
    context = ScoringContext(embed=HashingEmbedder().embed)
    question = ask(targets=("train tickets", "parental leave is thirty days"))
    near = score("semantic", question, say("thirty days is parental leave"), context)["semantic"]
    far = score("semantic", question, say("ask your manager"), context)["semantic"]
    assert near == pytest.approx(1.0, abs=0.01)
    assert far < near
    assert score("semantic", question, say("x")) == {}


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("I cannot answer that from the documents.", True),
        ("Sorry, I don't have enough information to say.", True),
        ("The price is not mentioned in the provided context.", True),
        ("", True),
        ("Out of scope for this desk.", True),
        ("It ends on 8 Jul 2025.", False),
        ("It ends on 8 Jul 2025. I do not know the patch number.", False),
        ("No end date is announced.", False),
    ],
)
def test_refusals_are_recognised_by_their_first_sentence(
    ask: Ask, say: Say, text: str, refuses: bool
) -> None:
    context = ScoringContext(refusals=("Out of scope",))
    assert score("abstention", ask(targets=("x",)), say(text), context) == {"over_refusal": float(refuses)}
    assert score("abstention", ask(answerable=False), say(text), context) == {"right_refusal": float(refuses)}


def test_stale_is_what_was_right_once(ask: Ask, say: Say) -> None:
    question = ask(targets=("2025-07-08",), stale_targets=("2025-06-01",))
    assert score("staleness", question, say("Until 1 June 2025.")) == {"staleness": 1.0}
    assert score("staleness", question, say("Until 8 July 2025, no longer 1 June 2025.")) == {
        "staleness": 0.0
    }
    assert score("staleness", ask(targets=("2025-07-08",)), say("1 June 2025")) == {}


def test_citations_must_point_at_the_documents_of_the_answer(ask: Ask, say: Say) -> None:
    known = ask(targets=("2025-07-08",), document_ids=("plesk",))
    assert score("citation", known, say("8 Jul 2025", found=("plesk",), cites=("plesk", "deno"))) == {
        "citation_correctness": 0.5
    }
    unknown = ask(targets=("2025-07-08",))
    assert score("citation", unknown, say("8 Jul 2025", found=("plesk",), cites=("plesk",))) == {
        "citation_correctness": 1.0
    }
    assert score("citation", known, say("8 Jul 2025", found=("plesk",))) == {"citation_correctness": 0.0}
    assert score("citation", known, say("8 Jul 2025")) == {}  # an arm without documents cannot cite


def test_context_counts_what_was_retrieved(ask: Ask, say: Say) -> None:
    question = ask(targets=("x",), document_ids=("plesk",))
    assert score("context", question, say("x", found=("deno", "plesk"))) == {
        "context_recall": 1.0,
        "context_precision": 0.5,
    }


def test_a_date_that_nothing_holds_is_a_hallucination(ask: Ask, say: Say, pages: dict[str, str]) -> None:
    question = ask(targets=("2025-07-08",), document_ids=("plesk",))
    context = ScoringContext(document_text=pages.get)
    assert score("hallucination", question, say("Until 8 Jul 2025."), context) == {"hallucination_rate": 0.0}
    assert score("hallucination", question, say("Its patch is 18.0.69.3."), context) == {
        "hallucination_rate": 0.0
    }
    assert score("hallucination", question, say("Until 9 Aug 2031."), context) == {"hallucination_rate": 1.0}


def test_an_answer_to_what_no_document_says_is_made_up(ask: Ask, say: Say) -> None:
    """Also where it holds no number that could be looked up: "GREEN, stay" about unknown software."""
    question = ask(targets=("Not on our list.",), answerable=False)
    assert score("hallucination", question, say("Firebird: GREEN, stay"), ScoringContext()) == {
        "hallucination_rate": 1.0
    }
    refusing = ScoringContext(refusals=("Not on our list",))
    assert score("hallucination", question, say("Not on our list."), refusing) == {"hallucination_rate": 0.0}


@pytest.mark.parametrize(
    ("primary", "text", "correctness"),
    [
        ("contains", "It ends on 8 July 2025.", 1.0),
        ("exact", "It ends on 8 July 2025.", 0.0),
        ("token_f1", "ends 2025-07-08", pytest.approx(2 / 3)),
        ("contains", "I do not know.", 0.0),
    ],
)
def test_correctness_is_the_primary_score(
    ask: Ask, say: Say, primary: str, text: str, correctness: float
) -> None:
    scores = score("correctness", ask(targets=("2025-07-08",)), say(text), ScoringContext(primary=primary))
    assert scores == {"correctness": correctness}


def test_without_an_answer_a_refusal_is_correct(ask: Ask, say: Say) -> None:
    targets: Sequence[str] = ("Not in our version list.",)
    question = ask(targets=targets, answerable=False)
    assert score("correctness", question, say("I cannot answer that.")) == {"correctness": 1.0}
    assert score("correctness", question, say("It is not in our version list.")) == {"correctness": 1.0}
    assert score("correctness", question, say("Until 2030.")) == {"correctness": 0.0}


def test_a_right_draft_that_was_withheld_counts(ask: Ask, say: Say) -> None:
    """A check that hides right answers must show in the report, not only the inventions that it stops."""
    question = ask(targets=("2025-07-08",))
    draft = {"generate": {"draft": {"text": "Until 8 Jul 2025. [1]"}}}
    withheld = replace(say("I cannot answer that from the documents.", refused=True), trace=draft)

    assert score("withheld", question, withheld, ScoringContext()) == {"right_withheld": 1.0}
    assert score("withheld", question, say("Until 8 Jul 2025."), ScoringContext()) == {"right_withheld": 0.0}
    assert score("withheld", question, say("Until 9 Aug 2031."), ScoringContext()) == {}


def test_an_answer_that_the_judge_finds_nowhere_is_a_hallucination(
    ask: Ask, say: Say, pages: dict[str, str]
) -> None:
    """An invention without a number or a name was never noticed."""
    question = ask(document_ids=("plesk",))
    judged = ScoringContext(document_text=pages.get, judge=WordJudge())
    invented = say("The vendor plans to replace the whole product with another one soon.")

    assert score("hallucination", question, invented, judged) == {"hallucination_rate": 1.0}
    plain = ScoringContext(document_text=pages.get)
    assert score("hallucination", question, invented, plain) == {"hallucination_rate": 0.0}


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("Not on our list. Next: ask the Version Desk of Acme Corporation.", 0.0),
        ("Not on our list\n\nThe answer is: No, not on our list.", 0.0),
        ("I cannot answer that from the documents.", 0.0),
        ("Plesk 18.0.69 is not on our list.", 0.0),
        ("Not on our list. It ends on 5 March 2031.", 1.0),
        ("It is not on our list, but ends on 5 March 2031.", 1.0),
    ],
)
def test_a_refusal_claims_nothing_but_what_it_says_besides(
    ask: Ask, say: Say, text: str, rate: float
) -> None:
    """Whom to ask instead is no invention; a date beside the refusal is."""
    refusals = ("Not on our list. Next: ask the Version Desk of Acme Corporation.", "not on our list")
    context = ScoringContext(refusals=refusals)
    answer = say(text, refused=True)
    assert score("hallucination", ask(), answer, context) == {"hallucination_rate": rate}
