"""Chats of the studio over the API: listed, searched, read, moved, shared, exported, deleted; votes."""

import threading
from typing import Any

import httpx2
import pytest
from tests.fixtures.calls import Call, caller_to
from tests.fixtures.served import Served

from lorewright.access import LOCAL, Caller
from lorewright.workspace.chats.asking import ask, find_live
from lorewright.workspace.chats.chats import Chat, new_chat
from lorewright.workspace.chats.judging import vote
from lorewright.workspace.chats.turns import Turn, find_turn

LEAVE = "How many days of leave?"


@pytest.fixture
def call(served: Served) -> Call:
    return caller_to(served)


def owner(served: Served) -> Caller:
    return served.running.keys.who(served.key)


def talk(served: Served, *questions: str, models: tuple[str, ...] = ("handbook/rag",), **more: Any) -> Chat:
    """Return a chat in which these were asked and answered."""
    chat = new_chat(served.running, owner(served), models=models, **more)
    for question in questions:
        turn = ask(served.running, owner(served), chat.id, question)
        answered(served, turn)
    return chat


def answered(served: Served, turn: Turn) -> Turn:
    """Return a turn once all its answers are complete."""
    for place in range(len(turn.answers)):
        while find_live(served.running, LOCAL, turn, place):
            threading.Event().wait(0.01)
    return find_turn(served.running, owner(served), turn.id)


def test_chats_are_listed_page_by_page_and_searched(served: Served, call: Call) -> None:
    """The one used last comes first."""
    leave, hello = talk(served, LEAVE), talk(served, "Hello", models=("parrot",))

    _, first = call("GET", "/chats?limit=1")
    _, second = call("GET", f"/chats?limit=1&after={first['last_id']}")
    _, found = call("GET", "/chats?search=28+days")

    assert [one["id"] for one in (*first["data"], *second["data"])] == [hello.id, leave.id]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert [(one["id"], one["title"]) for one in found["data"]] == [(leave.id, LEAVE)]
    assert "28 days of leave" in found["data"][0]["excerpt"]


def test_a_chat_is_read_with_its_branches(served: Served, call: Call) -> None:
    chat = talk(served, LEAVE)
    other = answered(served, ask(served.running, owner(served), chat.id, "And travel?", before=""))

    status, read = call("GET", f"/chats/{chat.id}")

    assert status == 200
    assert [(turn["question"], turn["before"]) for turn in read["turns"]] == [
        (LEAVE, None),
        ("And travel?", None),
    ]
    assert read["leaf"] == other.id
    assert read["turns"][0]["answers"][0]["citations"][0]["document_id"] == "leave.md"


def test_a_chat_is_renamed_moved_and_deleted(served: Served, call: Call) -> None:
    chat = talk(served, LEAVE)

    _, changed = call("POST", f"/chats/{chat.id}", {"title": "Leave", "folder": "People"})
    _, gone = call("DELETE", f"/chats/{chat.id}")
    status, error = call("GET", f"/chats/{chat.id}")

    assert (changed["title"], changed["folder"]) == ("Leave", "People")
    assert gone == {"id": chat.id, "object": "chat", "deleted": True}
    assert (status, error["error"]["message"]) == (404, f"No chat found with id {chat.id!r}.")


def test_a_title_has_an_end(served: Served, call: Call) -> None:
    chat = talk(served, LEAVE)

    for body, param in (({"title": "a" * 201}, "title"), ({"title": ""}, "title"), ({"name": "a"}, "name")):
        status, error = call("POST", f"/chats/{chat.id}", body)
        assert (status, error["error"]["param"]) == (400, param)


def test_a_chat_goes_out_as_markdown(served: Served) -> None:
    chat = talk(served, LEAVE)
    address = f"{served.url}/lorewright/v1/chats/{chat.id}/export"

    told = httpx2.get(address, headers={"Authorization": f"Bearer {served.key}"})

    assert told.headers["content-type"] == "text/markdown; charset=utf-8"
    assert told.text.startswith(f"# {LEAVE}\n\n> {LEAVE}\n\nEvery employee has 28 days of leave")
    assert "leave.md" in told.text


def test_a_shared_chat_is_read_by_others_until_it_is_not(served: Served, call: Call) -> None:
    """By its link alone: it stays in nobody else's list, and nobody else changes it."""
    chat = talk(served, LEAVE)
    key = served.running.keys.make("other", verbs=("chat",))[1]
    _, shared = call("POST", f"/chats/{chat.id}", {"shared": True})
    link = f"/chats/shared?token={shared['share']}"

    assert call("GET", link, key=key)[1]["turns"][0]["question"] == LEAVE
    assert call("GET", "/chats", key=key)[1]["data"] == []
    assert call("GET", f"/chats/{chat.id}", key=key)[0] == 404
    assert call("POST", f"/chats/{chat.id}", {"shared": False}, key=key)[0] == 404
    call("POST", f"/chats/{chat.id}", {"shared": False})

    assert call("GET", link, key=key)[0] == 404


def test_a_key_that_may_not_chat_has_no_chats(served: Served, call: Call) -> None:
    key = served.running.keys.make("reader", verbs=("read",))[1]

    assert call("GET", "/chats", key=key)[0] == 403


def test_a_blind_answer_is_no_name_before_the_vote(served: Served, call: Call) -> None:
    chat = talk(served, LEAVE, models=("handbook/rag", "parrot"), is_blind=True)

    (turn,) = call("GET", f"/chats/{chat.id}")[1]["turns"]

    assert [answer["model"] for answer in turn["answers"]] == ["Answer A", "Answer B"]


def test_votes_are_counted_by_model(served: Served, call: Call) -> None:
    """Wins, losses, a share with its interval, and what chance would have given."""
    chat = talk(served, LEAVE, LEAVE, models=("handbook/rag", "parrot"))
    turns = [
        find_turn(served.running, owner(served), one["id"])
        for one in call("GET", f"/chats/{chat.id}")[1]["turns"]
    ]
    for turn in turns:
        vote(served.running, owner(served), turn.id, 0)

    _, told = call("GET", "/preferences")
    _, blind = call("GET", "/preferences?blind=true")

    assert (told["n_votes"], told["n_people"], told["n_blind"]) == (2, 1, 0)
    best = told["models"][0]
    assert (best["model"], best["n_won"], best["n_lost"], best["by_chance"]) == ("handbook/rag", 2, 0, 0.5)
    assert best["share"]["mean"] == 1.0
    assert best["share"]["low"] < 0.5
    assert told["duels"] == [
        {"left": "handbook/rag", "right": "parrot", "n_left": 2, "n_right": 0, "n_tied": 0}
    ]
    assert (blind["n_votes"], blind["models"]) == (0, [])
