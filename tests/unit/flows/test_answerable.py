"""Refusing where the judge finds no answer in what was retrieved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest

from lorewright.documents import Chunk, Document
from lorewright.flows import Answer, Style, arms, run
from lorewright.flows.empty_answers import says_nothing
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Hit
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.models import READER, Reading, Support
from lorewright.models.fakes import ScriptedEngine, WordJudge
from lorewright.settings import Retrieval

LEAVE = Document(
    "leave.md", "Leave", "Full-time staff have 29 days of annual leave. Requests go to the office."
)
QUESTION = "How many days of annual leave do part-time staff have?"
STYLE = Style(instruction="", refusal="No idea.", retrieval=Retrieval(min_answerability=0.5))


class Doubtful(WordJudge):
    """Finds the answer nowhere."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        return [replace(reading, answerability=0.0) for reading in super().read(question, texts)]

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        return [Support(0.0, 1.0, 0.0, doubt=1.0) for _ in claims]


def asked(style: Style, judge: WordJudge | None) -> tuple[Answer, ScriptedEngine]:
    engine = ScriptedEngine({}, otherwise="Full-time staff have 29 days of annual leave.")
    parts = GivenParts({"": engine}, PlainRetriever([LEAVE]), judge=judge)
    return run(arms(style)["rag"], (Message("user", QUESTION),), parts), engine


def test_an_arm_refuses_what_the_judge_finds_no_answer_to_before_the_model_is_asked() -> None:
    """A text about nearly the same thing tempts a small model most."""
    answer, engine = asked(STYLE, Doubtful())

    assert answer.refused
    assert answer.text == "No idea."
    assert not engine.seen


def test_without_a_judge_the_model_is_asked() -> None:
    """A judge that is missing must not turn every answer into a refusal."""
    answer, _ = asked(STYLE, None)

    assert not answer.refused


def test_at_zero_no_judge_is_asked() -> None:
    """Who switches it off gets answers as before."""
    answer, _ = asked(replace(STYLE, retrieval=Retrieval(min_answerability=0.0)), Doubtful())

    assert not answer.refused


class Below(PlainRetriever):
    """Finds chunks below the heading "Part-time staff"."""

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        hits = super().search(query, n=n)
        return [replace(hit, chunk=replace(hit.chunk, heading_path=("Part-time staff",))) for hit in hits]


@pytest.mark.parametrize("said", ["Leave > Part-time staff [1]", "annual leave of part-time staff [1]"])
def test_where_a_small_model_says_nothing_the_documents_are_quoted(said: str) -> None:
    """It copies the headings above a text, or the question: neither is an answer, the text below may be."""
    engine = ScriptedEngine({}, otherwise=said)
    answer = run(arms(STYLE)["rag"], (Message("user", QUESTION),), GivenParts({"": engine}, Below([LEAVE])))

    assert engine.seen
    assert answer.text == "Leave > Part-time staff:\nFull-time staff have 29 days of annual leave."
    assert [citation.quote for citation in answer.citations] == [
        "Full-time staff have 29 days of annual leave."
    ]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Do full-time staff have annual leave?", "Full-time staff have annual leave."),
        ("Who has annual leave, full-time or part-time staff?", "full-time staff"),
    ],
)
def test_a_word_of_the_question_may_be_the_answer(question: str, said: str) -> None:
    """To a question that can be answered with yes, or that offers a choice."""
    assert not says_nothing(said, question, [])


@pytest.mark.parametrize(
    ("question", "said", "is_nothing"),
    [
        ("Within how many hours must a breach be reported?", "every breach to the officer at once", True),
        ("Within how many hours must a breach be reported?", "four", False),
        ("How long is it kept?", "until the complaint is closed", False),
        ("How much is the answer?", "free of charge", False),
        ("Who must report a breach?", "every processor", False),
    ],
)
def test_what_asks_for_a_number_is_not_answered_without_one(
    question: str, said: str, *, is_nothing: bool
) -> None:
    """A small model copies the beginning of the sentence that holds the number."""
    assert says_nothing(said, question, []) is is_nothing


RULES = (
    Hit(
        Chunk(
            "r.md@0",
            "r.md",
            "Rules",
            0,
            152,
            "4.1 Dogs are allowed on Fridays, provided that all colleagues in the room agree.\n"
            "4.2 Furniture is not paid back.\n4.3 Overtime of managers is covered by their salary.",
        ),
        score=1.0,
        rank=1,
    ),
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Are dogs allowed in town?", "provided that all colleagues in the room agree"),
        ("Do managers get overtime paid?", "by their salary"),
        ("Is furniture paid back?", "4.2"),
        ("Which rule is about furniture?", "4.2"),
        ("I am a manager. Do I get overtime paid?", "covered by their salary"),
        ("If I am a manager, do I get overtime paid?", "Overtime of managers"),
    ],
)
def test_a_piece_of_a_sentence_does_not_say_yes_or_no(question: str, said: str) -> None:
    """The half "by their salary" reads like a yes; the sentence that it is from says the opposite."""
    assert says_nothing(said, question, RULES)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Is furniture paid back?", "not paid back"),
        ("Are dogs allowed?", "Yes, on Fridays."),
        (
            "Are dogs allowed?",
            "4.1 Dogs are allowed on Fridays, provided that all colleagues in the room agree.",
        ),
        ("When are dogs allowed?", "on Fridays"),
        ("Are dogs allowed?", "They may come every Friday."),
    ],
)
def test_a_side_a_whole_sentence_and_other_questions_stay(question: str, said: str) -> None:
    assert not says_nothing(said, question, RULES)


@pytest.mark.parametrize(
    ("question", "said", "is_nothing"),
    [
        ("Who may bring a dog?", "a neighbour", True),
        ("Who may bring a dog?", "all colleagues", False),
        ("Who may bring a dog?", "colleague", False),
        ("Which rule is about overtime?", "the third", False),
    ],
)
def test_words_that_stand_nowhere_are_no_answer(question: str, said: str, *, is_nothing: bool) -> None:
    """A small model sometimes says what it knows from elsewhere, which no rule about names finds."""
    assert says_nothing(said, question, RULES) is is_nothing


QUIET = Document("r.md", "Hausordnung", "Die Ruhezeit beginnt um 22 Uhr.")


def test_what_is_asked_in_another_language_is_answered_by_quotes() -> None:
    """The small model learned to read in English: of German it copies any words."""
    engine = ScriptedEngine({}, otherwise="die Ruhe [1]")
    parts = GivenParts({READER: engine, "": engine}, PlainRetriever([QUIET]))
    heard = list[str]()

    style = replace(STYLE, reads_excerpts=True)
    question = (Message("user", "Wann beginnt die Ruhezeit?"),)
    answer = run(arms(style)["rag"], question, parts, on_text=heard.append)

    assert answer.text == "Hausordnung:\nDie Ruhezeit beginnt um 22 Uhr."
    assert "".join(heard) == answer.text
    assert not engine.seen


def test_a_model_that_somebody_chose_is_asked_in_any_language() -> None:
    engine = ScriptedEngine({}, otherwise="Um 22 Uhr.")
    parts = GivenParts({READER: engine, "": engine}, PlainRetriever([QUIET]))

    answer = run(arms(STYLE)["rag"], (Message("user", "Wann beginnt die Ruhezeit?"),), parts)

    assert answer.text == "Um 22 Uhr."


class Unsure(WordJudge):
    """Finds the answer with a probability between what is refused and what is not doubted."""

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        return [replace(reading, answerability=0.3) for reading in super().read(question, texts)]

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        return [Support(0.3, 0.4, 0.3, doubt=0.6) for _ in claims]


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("How many days of annual leave do full-time staff have?", False),
        ("How many days of annual leave do full-time staff in Lisbon have?", True),
    ],
)
def test_where_the_judge_doubts_a_name_that_no_passage_holds_decides(question: str, refused: bool) -> None:
    """A small model answers for Lisbon what stands there for everybody."""
    style = replace(STYLE, retrieval=Retrieval(min_answerability=0.14))
    engine = ScriptedEngine({}, otherwise="29 days")
    parts = GivenParts({"": engine}, PlainRetriever([LEAVE]), judge=Unsure())
    answer = run(arms(style)["rag"], (Message("user", question),), parts)

    assert answer.refused is refused
    assert bool(answer.nearest) is refused


URLAUB = Document(
    "urlaub.md", "Urlaub", "Der Urlaub für den Hund der Kantine beträgt 29 Tage. Er ist nicht übertragbar."
)


def test_no_judge_reads_documents_in_another_language_than_its_own() -> None:
    """A short question in German passes for English: the chunks tell better."""
    engine = ScriptedEngine({}, otherwise="29 Tage")
    parts = GivenParts({"": engine}, PlainRetriever([URLAUB]), judge=Doubtful())
    answer = run(arms(STYLE)["rag"], (Message("user", "Urlaub Hund Kantine"),), parts)

    assert not answer.refused


PRICES = Document(
    "prices.md", "Prices", "| Ticket | Adults | Children |\n|---|---|---|\n| Tower | 9 € | 4 € |"
)


def test_a_row_that_is_named_with_the_cell_that_is_asked_for_is_an_answer_whatever_the_judge_thinks() -> None:
    """It reads prose: of a row and its header it often thinks that they say nothing."""
    parts = GivenParts({}, PlainRetriever([PRICES]), judge=Doubtful())
    flow = arms(Style(instruction="", refusal="No idea."))["quote"]
    answer = run(flow, (Message("user", "What does the tower cost for children?"),), parts)

    assert not answer.refused
    assert "| Tower | 9 € | 4 € |" in answer.text


TOWER = "| Ticket | Adults | Children | Guide |\n|---|---|---|---|\n| Tower | 9 € | 4 € | Ida Moen |\n"
TICKETS = Document("tickets.md", "Tickets", TOWER + "| Tower and crypt | 14 € | 6 € | Ole Dahl |")


def read(question: str, said: str, *, grounding: Literal["refuse", "flag"] = "refuse") -> Answer:
    style = Style(
        instruction="", refusal="No idea.", retrieval=Retrieval(grounding=grounding), reads_excerpts=True
    )
    engine = ScriptedEngine({}, otherwise=said)
    parts = GivenParts({READER: engine}, PlainRetriever([TICKETS]), judge=Unsure())
    return run(arms(style)["rag"], (Message("user", question),), parts)


@pytest.mark.parametrize(
    ("question", "said", "answer"),
    [
        ("What does the tower cost for children?", "6 €", "4 €"),
        ("What does the tower and crypt ticket cost for children?", "4 €", "6 €"),
        ("What does the tower cost for children?", "No idea.", "4 €"),
        ("What does the tower cost for children?", "Children pay 4 €.", "Children pay 4 €."),
        ("What does the tower cost?", "9 €", "9 €"),
    ],
)
def test_a_small_model_that_reads_another_cell_is_put_right(question: str, said: str, answer: str) -> None:
    """Row and column are named: which cell it is needs no model. Where several may be meant, it chooses."""
    assert read(question, said).text == answer


def test_a_small_model_that_reads_another_entry_of_a_record_is_put_right() -> None:
    """Of "summer" and "winter" it took the nearer one."""
    hours = Document("pier.yaml", "Pier, open", "summer: 9 am to 7 pm\nwinter: 10 am to 3 pm")
    style = Style(instruction="", refusal="No idea.", retrieval=Retrieval(), reads_excerpts=True)
    engine = ScriptedEngine({}, otherwise="9 am to 7 pm")
    parts = GivenParts({READER: engine}, PlainRetriever([hours]), judge=Unsure())
    question = (Message("user", "When is the pier open in winter?"),)

    assert run(arms(style)["rag"], question, parts).text == "10 am to 3 pm"


def test_the_row_of_a_cell_is_cited() -> None:
    answer = read("What does the tower cost for children?", "6 €")

    (citation,) = answer.citations
    assert TICKETS.text[citation.start : citation.end] == "| Tower | 9 € | 4 € | Ida Moen |"


def test_where_nothing_is_withheld_nothing_is_put_right() -> None:
    """Whoever asked for the model's own words gets them."""
    assert read("What does the tower cost for children?", "6 €", grounding="flag").text == "6 €"
