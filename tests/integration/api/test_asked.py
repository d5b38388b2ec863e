"""What people asked: listed by what became of it, and put into the dataset on one side, never both."""

from pathlib import Path
from typing import Any

import openai
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.access import LOCAL, Caller
from lorewright.datasets import read_examples
from lorewright.evaluation import read_questions
from lorewright.workspace.answering.asked import last_question, list_asked


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


@pytest.fixture
def asked(client: openai.OpenAI) -> list[str]:
    """The ids of three answers: one from the documents, one refused, one of a model by itself."""
    ids = []
    for model, question in (
        ("handbook/rag", "How many days of leave?"),
        ("handbook/rag", "Who founded Rome?"),
        ("parrot", "Hello there"),
    ):
        told = client.chat.completions.create(model=model, messages=[{"role": "user", "content": question}])
        ids.append(told.id)
    return ids


def test_what_was_asked_is_listed_by_what_became_of_it(served: Served, call: Call, asked: list[str]) -> None:
    """Whoever looks after the answers goes through the bad ones first."""
    call("POST", "/feedback", {"answer": asked[2], "thumb": "down"})
    server = served.running

    everything = list_asked(server, LOCAL)
    disliked = list_asked(server, LOCAL, kind="down")

    assert [row.question for row in everything.asked][:1] == ["Hello there"]
    assert (everything.n_all, everything.counts["down"], everything.counts["new"]) == (3, 1, 3)
    assert [row.answer_id for row in disliked.asked] == [asked[2]]
    assert [row.question for row in list_asked(server, LOCAL, words="LEAVE days").asked] == [
        "How many days of leave?"
    ]
    assert all(row.cost_usd is not None and row.cost_usd >= 0 for row in everything.asked)


@pytest.mark.usefixtures("asked")
def test_others_see_their_own_questions_alone(served: Served) -> None:
    """What somebody asks a model may be as private as a letter."""
    bob = Caller(id="key_bob", name="Bob")

    listed = list_asked(served.running, bob)

    assert (listed.asked, listed.n_all) == ((), 0)


@pytest.mark.parametrize("side", ["examples", "questions"])
def test_one_call_makes_a_question_an_example_or_holds_it_out(
    served: Served, call: Call, asked: list[str], side: str
) -> None:
    """The person decides what is learned and what is measured; the list shows it from here on."""
    status, given = call("POST", f"/answers/{asked[0]}/dataset", {"side": side})

    assert (status, given["status"], given["side"]) == (200, "placed", side)
    row = next(one for one in list_asked(served.running, LOCAL).asked if one.answer_id == asked[0])
    assert (row.side, row.is_of("new")) == (side, False)
    workspace = served.running.workspace
    assert _said(workspace.examples_folder, workspace.questions_folder, side) == [
        "Every employee has 28 days of leave a year."
    ]


def test_the_right_answer_takes_the_place_of_a_wrong_one(
    served: Served, call: Call, asked: list[str]
) -> None:
    """A refusal is corrected on the way into the dataset."""
    call("POST", f"/answers/{asked[1]}/dataset", {"side": "questions", "right": "Romulus."})

    workspace = served.running.workspace
    assert _said(workspace.examples_folder, workspace.questions_folder, "questions") == ["Romulus."]


def test_a_question_that_is_learned_from_cannot_be_held_out(call: Call, asked: list[str]) -> None:
    """What is learned is never measured on; the refused call leaves nothing behind."""
    call("POST", f"/answers/{asked[0]}/dataset", {"side": "examples"})

    status, told = call("POST", f"/answers/{asked[0]}/dataset", {"side": "questions"})

    assert status == 409
    assert "A question like this is an example already." in told["error"]["message"]
    assert [one["side"] for one in call("GET", "/feedback")[1]["data"]] == ["examples"]


def test_what_was_not_stored_cannot_become_data(call: Call, client: openai.OpenAI) -> None:
    """Who asked that nothing be kept is not learned from."""
    told = client.chat.completions.create(
        model="parrot", messages=[{"role": "user", "content": "Hi"}], store=False
    )

    status, refused = call("POST", f"/answers/{told.id}/dataset", {"side": "examples"})

    assert (status, refused["error"]["param"]) == (400, "answer_id")


def test_the_question_is_the_last_thing_that_was_asked() -> None:
    """A long talk is listed by what was answered, not by how it began."""
    turns: list[dict[str, Any]] = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": [{"type": "text", "text": "How many days?"}]},
    ]

    assert last_question(turns) == "How many days?"


def _said(examples: Path, questions: Path, side: str) -> list[str]:
    if side == "questions":
        return [target for one in read_questions(questions) for target in one.targets]
    return [example.completion for example in read_examples(examples).examples]
