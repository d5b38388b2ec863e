"""Answers that are being written belong to the server, as long as somebody wants them."""

import threading

import pytest

from lorewright.errors import Overloaded
from lorewright.workspace.server import live_answers
from lorewright.workspace.server.live_answers import LiveAnswer, LiveAnswers


def test_an_answer_that_nobody_follows_ends_after_a_while() -> None:
    kept = LiveAnswers(left_alone_seconds=0.02)
    ended = threading.Event()

    def write(answer: LiveAnswer) -> None:
        while not answer.stopped():
            answer.say("word ")
        ended.set()

    kept.begin("a", "chat", write)

    assert ended.wait(5)
    kept.close()


def test_an_answer_that_is_followed_goes_on() -> None:
    answer = LiveAnswer("a", "chat", left_alone_seconds=-1.0)
    assert answer.stopped()
    heard: list[str] = []

    answer.follow(heard.append)

    assert not answer.stopped()
    answer.stop()
    assert answer.stopped()


def test_a_follower_hears_everything_once() -> None:
    answer = LiveAnswer("a", "chat", left_alone_seconds=60)
    heard: list[str] = []
    answer.say("one ")

    answer.follow(heard.append)
    answer.say("two ")
    answer.leave(heard.append)
    answer.leave(heard.append)
    answer.say("three")

    assert heard == ["one ", "two "]
    assert answer.text == "one two three"


def test_who_watches_a_chat_hears_of_its_changes_alone() -> None:
    kept = LiveAnswers()
    heard: list[str] = []

    def hear() -> None:
        heard.append("changed")

    kept.watch("mine", hear)
    kept.tell("other")
    kept.tell("mine")
    kept.unwatch("mine", hear)
    kept.tell("mine")

    assert heard == ["changed"]


def test_a_server_that_ends_begins_nothing_more() -> None:
    kept = LiveAnswers()
    kept.close()

    with pytest.raises(Overloaded, match=str(live_answers.MAX_AT_ONCE)):
        kept.begin("a", "chat", lambda _: None)
