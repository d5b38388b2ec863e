"""What people thought of answers in chats, as pairs to learn preferences from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import LOCAL, Caller
from lorewright.errors import NotAllowed
from lorewright.messages import Message
from lorewright.tuning import Preference
from lorewright.tuning.preference_rows import preference_rows, preference_to_json
from lorewright.workspace.answering.feedback_review import take_feedback
from lorewright.workspace.answering.preference_pairs import export_pairs, export_rated
from lorewright.workspace.documents.restrictions import restrict
from lorewright.workspace.server.server import Server

ASKED = "What may a hotel cost?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "handbook"
    for name in ("examples", "questions"):
        (folder / name).mkdir(parents=True)
    (folder / "lorewright.toml").write_text(
        '[models]\nembedding = "hashing"\nchat = "file:/none.gguf"\n[evaluation]\nholdout_share = 0.0\n'
    )
    (folder / "questions" / "q.jsonl").write_text(
        json.dumps({"question": "How many days of leave do we have?", "answers": ["28"]}) + "\n"
    )
    server = Server(folder)
    yield server
    server.close()


def judge(server: Server, name: str, text: str | None, **more: Any) -> None:
    """Keep feedback as a chat leaves it."""
    body: dict[str, Any] = {
        "answer": name, "thumb": None, "correction": None, "comment": None, "right": None, "by": "ada",
        "deployment": None, "version": None, "model": "rag", "text": text, "provenance": {}, "side": None,
        "similar_to": None, "similarity": None, "status": "kept", "made_of": [],
        "messages": [{"role": "user", "content": more.pop("asked", ASKED)}],
    }  # fmt: skip
    owner = more.pop("owner", "")
    server.records("feedback").add(name, body | more, owner=owner)


def pair(good: str, bad: str) -> Preference:
    return Preference((Message("user", ASKED),), good, bad)


def test_an_accepted_correction_is_preferred_to_what_was_said(server: Server) -> None:
    """Otherwise the best feedback there is teaches nothing but its own text."""
    judge(server, "fb_1", "Any price.", thumb="down", correction="120 euros.", right="120 euros.",
          status="waiting")  # fmt: skip
    before = export_pairs(server, LOCAL)
    assert (before.pairs, before.left_out) == ((), {"waiting": 1})

    take_feedback(server, LOCAL, "fb_1")

    assert export_pairs(server, LOCAL).pairs == (pair("120 euros.", "Any price."),)


def test_a_thumb_up_is_preferred_to_a_thumb_down_for_the_same_prompt(server: Server) -> None:
    judge(server, "fb_1", "120 euros.", thumb="up")
    judge(server, "fb_2", "Any price.", thumb="down")
    judge(server, "fb_3", "any price", thumb="down")  # the same words, by somebody else
    judge(server, "fb_4", "Nobody knows.", thumb="down")
    judge(server, "fb_5", "By train.", thumb="down", asked="How do we travel?")

    assert sorted(export_pairs(server, LOCAL).pairs, key=str) == sorted(
        [pair("120 euros.", "Any price."), pair("120 euros.", "Nobody knows.")], key=str
    )


def test_what_people_disagree_on_is_left_out(server: Server) -> None:
    judge(server, "fb_1", "120 euros.", thumb="up")
    judge(server, "fb_2", "120 Euros", thumb="down")
    judge(server, "fb_3", "Any price.", thumb="down")
    exported = export_pairs(server, LOCAL)
    assert (exported.pairs, exported.left_out) == ((), {"contradictory": 1})


def test_nothing_is_learned_from_a_held_out_question(server: Server) -> None:
    """Else the comparison measures what the model was trained on."""
    near = "how many days of leave do we have"
    judge(server, "fb_1", "28.", thumb="up", asked=near)
    judge(server, "fb_2", "30.", thumb="down", asked=near)
    judge(server, "fb_3", "It may.", right="It must.", status="placed", side="questions")
    exported = export_pairs(server, LOCAL)
    assert (exported.pairs, exported.left_out) == ((), {"held_out": 3})


def test_a_prompt_that_a_correction_would_hold_out_is_left_out_before_it(server: Server) -> None:
    """The correction may come after the model was tuned on the pair."""
    path = server.workspace.folder / "lorewright.toml"
    path.write_text(path.read_text().replace("holdout_share = 0.0", "holdout_share = 1.0"))
    again = Server(server.workspace.folder)
    try:
        judge(again, "fb_1", "120 euros.", thumb="up")
        judge(again, "fb_2", "Any price.", thumb="down")
        assert export_pairs(again, LOCAL).left_out == {"held_out": 2}
    finally:
        again.close()


@pytest.mark.parametrize(
    "unusable",
    [
        {"text": None},
        {"messages": None},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        {"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "b"}]},
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
    ],
)
def test_what_is_no_text_is_counted_and_left_out(server: Server, unusable: dict[str, Any]) -> None:
    judge(server, "fb_1", unusable.get("text", "b"), thumb="down", right="c", status="placed",
          **{name: value for name, value in unusable.items() if name != "text"})  # fmt: skip
    exported = export_pairs(server, LOCAL)
    assert (exported.pairs, exported.left_out) == ((), {"no_text": 1})


def test_only_what_the_caller_may_see_is_exported(server: Server) -> None:
    """A pair quotes answers, and answers quote documents."""
    tuner = Caller(id="key_t", name="tuner", verbs=("tune",), stores=("vs_domain",))
    restrict(server.workspace, LOCAL, "hr/", [])
    for name, owner, made_of in (("fb_1", "key_t", ["hr/pay.md"]), ("fb_2", "key_o", []),
                                 ("fb_3", "key_t", None)):  # fmt: skip
        judge(server, name, "Any price.", right="120 euros.", status="placed", owner=owner, made_of=made_of)
    hidden = export_pairs(server, tuner)
    assert (hidden.pairs, hidden.left_out) == ((), {})
    assert len(export_pairs(server, LOCAL).pairs) == 1  # thrice the same

    with pytest.raises(NotAllowed):
        export_pairs(server, Caller(id="key_r", name="reader", verbs=("read", "chat")))


def answered(server: Server, name: str, text: str, **more: Any) -> None:
    """Keep an answer as a chat leaves it."""
    body: dict[str, Any] = {"model": name, "text": text, "made_of": [],
                            "messages": [{"role": "user", "content": ASKED}]}  # fmt: skip
    server.records("answer").add(f"answer/{name}", body | more)


def vote(server: Server, names: list[str], place: int, *, owner: str = "", name: str = "vote/1") -> None:
    """Keep a vote as a chat leaves it."""
    winner = names[place] if place >= 0 else None
    body = {"models": names, "answers": names, "winner": winner, "place": place, "is_blind": True}
    server.records("vote").add(name, body | {"question": ASKED}, owner=owner)


def test_the_answer_that_won_a_vote_is_preferred_to_the_others(server: Server) -> None:
    """Two models side by side: most people choose, and few write a correction."""
    for name, text in (("rag", "120 euros."), ("base", "Any price."), ("tuned", "120 Euros")):
        answered(server, name, text)
    vote(server, ["base", "rag", "tuned"], 1)
    exported = export_pairs(server, LOCAL)
    assert (exported.pairs, exported.left_out) == ((pair("120 euros.", "Any price."),), {})


def test_a_vote_that_says_nothing_or_that_another_contradicts_is_left_out(server: Server) -> None:
    answered(server, "rag", "120 euros.")
    answered(server, "base", "Any price.")
    vote(server, ["rag", "base"], -1, name="vote/none-better")
    assert export_pairs(server, LOCAL).pairs == ()
    vote(server, ["rag", "base"], 0, name="vote/1")
    vote(server, ["base", "rag"], 0, name="vote/2")
    exported = export_pairs(server, LOCAL)
    assert (exported.pairs, exported.left_out) == ((), {"contradictory": 2})


def test_a_vote_whose_answers_are_gone_is_counted(server: Server) -> None:
    """Old answers make room for new ones."""
    answered(server, "rag", "120 euros.")
    vote(server, ["rag", "base"], 0)
    assert export_pairs(server, LOCAL).left_out == {"no_text": 1}


def test_a_vote_shows_nothing_of_what_the_caller_may_not_read(server: Server) -> None:
    tuner = Caller(id="key_t", name="tuner", verbs=("tune",), stores=("vs_domain",))
    restrict(server.workspace, LOCAL, "hr/", [])
    answered(server, "rag", "120 euros.", made_of=["hr/pay.md"])
    answered(server, "base", "Any price.")
    vote(server, ["rag", "base"], 1, owner="key_t")
    hidden = export_pairs(server, tuner)
    assert (hidden.pairs, hidden.left_out) == ((), {})
    assert len(export_pairs(server, LOCAL).pairs) == 1


def test_a_single_thumb_is_a_rated_answer(server: Server) -> None:
    """Nine of ten thumbs have no second answer to the same question, and taught nothing."""
    judge(server, "fb_1", "120 euros.", thumb="up")
    judge(server, "fb_2", "By boat.", thumb="down", asked="How do we travel?")
    judge(server, "fb_3", "Perhaps.", right="No.", status="placed", asked="May we smoke?")
    judge(server, "fb_4", "Yes.", thumb="up", asked="May we park?")
    judge(server, "fb_5", "yes", thumb="down", asked="May we park?")
    exported = export_rated(server, LOCAL)
    assert [(row.messages[-1].content, row.completion, row.is_good) for row in exported.rows] == [
        (ASKED, "120 euros.", True),
        ("How do we travel?", "By boat.", False),
        ("May we smoke?", "No.", True),
        ("May we smoke?", "Perhaps.", False),
    ]
    assert exported.left_out == {"contradictory": 1}


def test_rejected_feedback_teaches_nothing(server: Server) -> None:
    judge(server, "fb_1", "Any price.", thumb="down", right="Free.", status="rejected")
    assert export_pairs(server, LOCAL).pairs == ()
    assert export_rated(server, LOCAL).rows == ()


def test_an_exported_pair_is_read_back_as_it_was() -> None:
    written = json.dumps(preference_to_json(pair("120 euros.", "Any price.")))
    assert list(preference_rows([written])) == [pair("120 euros.", "Any price.")]
