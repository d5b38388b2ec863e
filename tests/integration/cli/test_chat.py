"""A conversation at the prompt."""

import io
import sys
from pathlib import Path

import pytest

from lorewright.cli import chat
from lorewright.cli.chat import Chat
from lorewright.cli.main import main
from lorewright.messages import Message
from lorewright.workspace import Workspace

pytestmark = pytest.mark.thorough


def say(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_questions_are_answered_one_after_the_other_with_their_sources(
    domain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "How many days of holiday?", "/sources", "/new", "/sources", "/quit", "Not asked.")
    assert main(["chat", "--domain", str(domain), "--arm", "quote"]) == 0

    printed, told = capsys.readouterr()
    assert "30 days of holiday. [1]" in printed
    assert "[1] leave.md: Everybody gets 30 days of holiday." in printed
    assert "  [1] leave.md\n" in told
    assert printed.rstrip().endswith("A new conversation.\nNothing was answered yet.")


def test_below_a_refusal_stands_the_nearest_passage(
    domain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be what was meant after all; as the source of an answer it would mislead."""
    say(monkeypatch, "How many days of holiday does Peru get?", "/sources")
    assert main(["chat", "--domain", str(domain), "--arm", "quote"]) == 0

    printed, _ = capsys.readouterr()
    assert (
        "The nearest passage, which may not answer it:\n  leave.md: Everybody gets 30 days of holiday."
        in printed
    )
    assert printed.rstrip().endswith("No sources.")


def test_a_conversation_is_kept_until_a_new_one_begins(domain: Path) -> None:
    """A follow-up means nothing without what came before."""
    with Workspace(domain) as workspace:
        talk = Chat(workspace, "quote")
        talk.hear("How many days of holiday?")
        talk.hear("And who gets them?")
        assert [turn.role for turn in talk.turns] == ["user", "assistant"] * 2
        talk.hear("/new")
        assert talk.turns == []


def test_a_mistake_is_told_and_the_chat_goes_on(
    domain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "/arm nope", "/arm hybrid", "/nope", "/arm quote", "/arm", "/help")
    assert main(["chat", "--domain", str(domain)]) == 0

    printed, told = capsys.readouterr()
    assert "No arm named 'nope'" in told
    assert "lorewright tune" in told
    assert "There is no command /nope." in told
    assert printed.count("Answered by quote.") == 2
    assert all(command in printed for command in chat.COMMANDS)


def test_an_answer_that_was_stopped_leaves_the_conversation_as_it_was(
    domain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace(domain) as workspace:
        talk = Chat(workspace, "quote", [Message("user", "Hello."), Message("assistant", "Hello.")])

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("lorewright.workspace.flows.ask.ask", interrupted)
        assert talk.hear("How many days of holiday?")

    assert len(talk.turns) == 2
    assert "Stopped." in capsys.readouterr().err
