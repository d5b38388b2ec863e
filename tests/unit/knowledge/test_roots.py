"""Which words of a question and a text count as one, and which of them a question is about."""

import pytest

from lorewright.knowledge.inflection import rooting
from lorewright.knowledge.words import root, stem


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("forgot", "forget"),
        ("sent", "send"),
        ("shipped", "ship"),
        ("cancelled", "cancel"),
        ("cancellation", "cancel"),
        ("retried", "retry"),
        ("deliver", "delivery"),
        ("calling", "call"),
        ("heavy", "weight"),
        ("wide", "width"),
        ("paid", "payment"),
        ("signed", "signature"),
        ("depart", "departure"),
        ("expires", "expiry"),
        ("delivered", "delivery"),
        ("inspect", "inspection"),
        ("registered", "registration"),
        ("subscribe", "subscription"),
        ("reduced", "reduction"),
        ("insured", "insurance"),
        ("transferred", "transfer"),
        ("installed", "installation"),
        ("require", "requirement"),
        ("available", "availability"),
        ("operator", "operation"),
        ("notify", "notification"),
        ("employee", "employer"),
        ("valid", "validity"),
    ],
)
def test_forms_of_a_word_have_one_root(asked: str, written: str) -> None:
    """ "What if I forgot a dose?" asks about "If you forget a dose", "How heavy is it?" about its weight."""
    assert root(stem(asked)) == root(stem(written))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("party", "part"), ("left", "leave"), ("county", "count"), ("bill", "bile"), ("template", "temple"),
        ("international", "internal"), ("university", "universe"), ("authority", "author"),
        ("conversation", "conversion"), ("delay", "deliver"), ("station", "state"), ("nation", "nature"),
    ],
)  # fmt: skip
def test_words_that_look_alike_have_their_own(one: str, other: str) -> None:
    assert root(one) != root(other)


def test_a_word_of_another_language_is_what_a_question_in_english_may_be_about() -> None:
    """ "Bin" is a German verb: the bin of a question was not looked for."""
    assert "bin" in rooting("How often is the red bin emptied?", []).asked_about(
        "How often is the red bin emptied?"
    )
    assert "bin" not in rooting("Wann bin ich versichert?", []).asked_about("Wann bin ich versichert?")


def test_how_many_is_no_word_that_an_answer_must_hold() -> None:
    question = "How many lockers are there?"

    assert list(rooting(question, []).asked_about(question)) == [root("locker")]
