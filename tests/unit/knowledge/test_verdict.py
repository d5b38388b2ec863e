"""What is said of each sentence of an answer, with a judge that only compares words."""

from collections.abc import Sequence

import pytest

from lorewright.knowledge.answerable import answerability
from lorewright.knowledge.verdict import can_judge, judge_answer
from lorewright.models import Reading
from lorewright.models.fakes import WordJudge

LEAVE = "Leave lasts 30 days for office staff. Requests go to the head of the department."
TRAVEL = "Travel is by train. Flights need the consent of the director."


def test_each_sentence_has_its_own_verdict() -> None:
    """One wrong sentence must not take the right ones down with it."""
    answer = "Leave lasts 30 days for office staff. Leave lasts 28 days for night staff."

    right, wrong = judge_answer(answer, [LEAVE, TRAVEL], WordJudge()).sentences

    assert right.state == "supported"
    assert wrong.state == "contradicted"
    assert [answer[start:end] for start, end in wrong.doubted] == ["28"]


def test_what_the_texts_do_not_mention_is_not_stated() -> None:
    """A reader must tell an invention from a mistake."""
    (verdict,) = judge_answer(
        "The canteen serves vegetarian lunches.", [LEAVE, TRAVEL], WordJudge()
    ).sentences

    assert verdict.state == "not stated"


def test_a_verdict_names_the_window_it_was_read_in() -> None:
    """Who doubts a verdict wants to read what it rests on."""
    (verdict,) = judge_answer(
        "Flights need the consent of the director.", [LEAVE, TRAVEL], WordJudge()
    ).sentences

    assert verdict.window == TRAVEL


def test_questions_and_short_words_claim_nothing() -> None:
    """ "Yes, of course." can be neither true nor false of a text."""
    told = judge_answer("Yes, of course. Which kind of leave do you mean?", [LEAVE], WordJudge())

    assert told.sentences == ()


def test_without_texts_nothing_is_supported() -> None:
    """An answer out of thin air must not look borne."""
    (verdict,) = judge_answer("Leave lasts 30 days for office staff.", [], WordJudge()).sentences

    assert verdict.state == "not stated"


def test_other_languages_are_left_to_the_rules() -> None:
    """A judge that cannot read a text must not mark it."""
    assert can_judge("Leave lasts 30 days for the staff of the office.")
    assert not can_judge("Der Urlaub dauert 30 Tage und ist nicht übertragbar.")
    assert not can_judge("休暇は30日間です。")


@pytest.mark.parametrize(
    "question",
    [
        "How do I renew a badge?",
        "Where do the kayaks lie?",
        "Who can get a larger locker?",
        "How much is a day pass?",
        "Which shoes do I need?",
        "What replaces sort_key?",
    ],
)
def test_a_short_question_in_english_is_read(question: str) -> None:
    """Of its few words some are common in another language too: "do" in Portuguese, "a" in Hungarian."""
    assert can_judge(question)


@pytest.mark.parametrize(
    "question",
    [
        "Wo wird Handball gespielt?",
        "Ab welchem Alter darf man rudern?",
        "Quel jour sort-on le bac vert ?",
        "¿Puedo llevar a mi gato?",
        "Quanto costa un ombrellone?",
        "Quando abre a piscina?",
        "Hoeveel kost een kaartje?",
    ],
)
def test_a_short_question_in_another_language_is_not(question: str) -> None:
    assert not can_judge(question)


def test_texts_with_the_questions_words_are_more_likely_to_answer() -> None:
    """A refusal goes by this figure."""
    question = "How many days of leave do office staff have?"
    judge = WordJudge()

    assert answerability(question, [LEAVE, TRAVEL], judge) > answerability(question, [TRAVEL], judge)
    assert answerability(question, [], judge) == 0.0


class CountingJudge(WordJudge):
    """Counts the texts that it reads."""

    n_read = 0

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return what each text is worth."""
        self.n_read += len(texts)
        return super().read(question, texts)


def test_no_more_is_read_than_it_takes_to_be_sure_enough() -> None:
    """Quoting takes 50 ms; six readings alone would take as long."""
    question, rest = "How many days of leave do office staff have?", [TRAVEL, "The canteen opens at 11."]
    sure, doubting = CountingJudge(), CountingJudge()
    whole = answerability(question, [LEAVE, *rest], WordJudge())

    told = answerability(question, [LEAVE, *rest], sure, enough=whole / 2)
    told_in_doubt = answerability(question, [LEAVE, *rest], doubting, enough=0.999)

    assert (told, sure.n_read) == (whole, 1)
    assert told_in_doubt == whole
    assert doubting.n_read > 3


def test_lines_of_style_words_have_no_verdict() -> None:
    """The headings of a card stand in no document, and are no mistake."""
    answer = "Leave lasts 30 days for office staff. Status: green, stay as you are."
    style = ("status", "green", "stay")

    told = judge_answer(answer, [LEAVE, TRAVEL], WordJudge(), style_words=style)

    assert [verdict.state for verdict in told.sentences] == ["supported"]


def test_an_answer_is_borne_less_the_more_of_it_the_texts_lack() -> None:
    """A report counts answers, not sentences."""
    right, half, wrong = (
        judge_answer(answer, [LEAVE, TRAVEL], WordJudge()).support
        for answer in (
            "Leave lasts 30 days for office staff.",
            "Leave lasts 30 days for office staff. The canteen serves vegetarian lunches.",
            "The canteen serves vegetarian lunches.",
        )
    )

    assert right > half > wrong
