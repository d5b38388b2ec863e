"""The process that a first command leaves behind."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.cli import resident
from lorewright.cli.main import main

pytestmark = pytest.mark.thorough


@pytest.fixture
def running(domain: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """One that is asked with patience: on a busy machine it listens long before it is warm."""
    monkeypatch.setattr(resident, "_ANSWER_SECONDS", 120.0)
    process = subprocess.Popen([sys.executable, "-m", "lorewright.cli.staying", str(domain)])
    for _ in range(600):
        if (domain / ".lorewright" / resident.SOCKET).exists():
            break
        time.sleep(0.05)
    yield process
    process.terminate()
    process.wait()


def test_it_answers_as_the_command_does(
    domain: Path, running: "subprocess.Popen[bytes]", capsys: pytest.CaptureFixture[str]
) -> None:
    """And of a domain that changed: what was added since is found."""
    assert resident.answered(["search", "holiday", "--json"], domain) == 0
    there = capsys.readouterr().out
    running.terminate()
    running.wait()
    assert main(["search", "holiday", "--json"]) == 0

    assert "30 days" in there
    assert capsys.readouterr().out == there


def test_what_changed_since_counts(
    domain: Path, running: "subprocess.Popen[bytes]", capsys: pytest.CaptureFixture[str]
) -> None:
    assert resident.answered(["search", "holiday"], domain) == 0
    (domain / "documents" / "travel.md").write_text("# Travel\n\nGo by train on a holiday.\n")
    main(["add", "--sync"])
    capsys.readouterr()

    assert resident.answered(["search", "train"], domain) == 0
    assert "travel.md" in capsys.readouterr().out
    assert resident.answered(["search", " "], domain) == 2
    assert "query is empty" in capsys.readouterr().err
    assert running.poll() is None


def test_it_answers_nobody_with_other_keys_or_another_version(
    domain: Path, running: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of a model is taken from the environment of whoever asks, not of whoever asked first."""
    with monkeypatch.context() as other:
        other.setenv("OPENAI_API_KEY", "another")
        assert resident.answered(["search", "holiday"], domain) == resident.DECLINED
    with monkeypatch.context() as other:
        other.setattr(resident, "stamp", lambda: "another")
        assert resident.answered(["search", "holiday"], domain) == resident.DECLINED
    assert resident.answered(["search", "holiday"], domain) == 0
    assert running.poll() is None


def test_its_socket_is_for_its_owner_only(domain: Path, running: "subprocess.Popen[bytes]") -> None:
    assert (domain / ".lorewright" / resident.SOCKET).stat().st_mode & 0o777 == 0o600
    assert running.poll() is None


def test_a_killed_one_is_in_nobodys_way(domain: Path, running: "subprocess.Popen[bytes]") -> None:
    running.kill()
    running.wait()
    assert resident.answered(["search", "holiday"], domain) is None
    assert main(["search", "holiday"]) == 0


def test_none_is_left_behind_by_scripts_or_where_the_settings_say_so(
    domain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe, a CI: nobody there expects a process to stay."""
    begun: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **_: begun.append(command))
    monkeypatch.delenv("CI", raising=False)
    resident.leave_behind(domain, 5.0)
    monkeypatch.setattr(sys, "stdout", Terminal())
    resident.leave_behind(domain, 0.0)
    monkeypatch.setenv("CI", "true")
    resident.leave_behind(domain, 5.0)
    assert begun == []

    monkeypatch.delenv("CI")
    resident.leave_behind(domain, 5.0)
    assert len(begun) == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_state_folder_is_found_as_the_domain_is(domain: Path) -> None:
    inside = domain / "documents"
    assert resident.find_state(inside) == domain / ".lorewright"
    assert resident.find_state(Path(os.sep)) is None


def test_a_sync_of_an_unchanged_folder_is_answered_and_one_that_changes_something_is_not(
    domain: Path, running: "subprocess.Popen[bytes]", capsys: pytest.CaptureFixture[str]
) -> None:
    """A sync on a timer loads nothing; what is to be done is done where Ctrl-C ends it."""
    assert resident.answered(["add", "--sync", "--json"], domain) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_new"], told["n_changed"], told["n_chunks"]) == (0, 0, 0)
    assert told["n_unchanged"] > 0

    assert running.poll() is None
    (domain / "documents" / "new.md").write_text("# New\n\nA new page.\n")

    assert resident.answered(["add", "--sync"], domain) == resident.DECLINED


@pytest.mark.parametrize(
    ("words", "may"),
    [
        (["search", "x"], True),
        (["add", "--sync"], True),
        (["add", "--domain", "desk", "--sync", "--json"], True),
        (["add", "--sync", "handbook"], False),
        (["add", "--rebuild"], False),
        (["add", "--sync", "--watch"], False),
        (["tune"], False),
    ],
)
def test_only_what_changes_nothing_is_left_to_it(words: list[str], may: bool) -> None:
    assert resident.may_answer(words) is may
