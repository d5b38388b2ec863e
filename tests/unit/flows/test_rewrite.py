"""A rewritten question is used where it can be trusted, and the asked one stays where not."""

import pytest
from tests.fixtures.drawn_flows import asking, made

from lorewright.flows.fakes import GivenParts
from lorewright.messages import Conversation, Message
from lorewright.models.fakes import ScriptedEngine

TALK = asking("Is Debian 12 fine?", "Yes, until 2028.", "And version 9?")


def rewritten(said: str, conversation: Conversation = TALK, **params: object) -> Conversation:
    result: Conversation = made(
        "rewrite", params, GivenParts({"": ScriptedEngine(lambda _: said)}), conversation=conversation
    )["conversation"]
    return result


def test_a_question_is_made_to_stand_alone() -> None:
    assert rewritten('Standalone question: "Is Debian 9 fine?"') == (Message("user", "Is Debian 9 fine?"),)


def test_the_instruction_of_the_conversation_is_kept() -> None:
    system = Message("system", "Be brief.")

    assert rewritten("Is Debian 9 fine?", (system, *TALK)) == (system, Message("user", "Is Debian 9 fine?"))


def test_a_first_question_stands_alone_and_asks_no_model() -> None:
    parts = GivenParts({})

    assert made("rewrite", {}, parts, conversation=asking("And 9?"))["conversation"] == asking("And 9?")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "  \n",
        "Debian 9 " + "is a release that many people know " * 12,
        "Is Debian fine?",
        "Is Debian 9.13 fine?",
    ],
    ids=["nothing", "blank", "much longer", "without the number", "with a number nobody said"],
)
def test_what_cannot_be_trusted_leaves_the_conversation_as_it_is(said: str) -> None:
    assert rewritten(said) == TALK


def test_widening_adds_queries_each_once_and_few() -> None:
    said = (
        "1. Debian 9 support\n- debian 9 support\n2. Stretch end of life\n3. " + "word " * 30 + "\n4. Third"
    )

    turn = rewritten(said, asking("Debian 9?"), mode="expand", n_queries=2)[-1]

    assert turn.content == "Debian 9?\nDebian 9 support\nStretch end of life"


def test_a_guessed_answer_stands_behind_the_question() -> None:
    said = "Debian 9 got fixes until 2020."

    assert rewritten(said, asking("Debian 9?"), mode="hyde")[-1].content == f"Debian 9?\n{said}"
    assert rewritten("", asking("Debian 9?"), mode="hyde") == asking("Debian 9?")
