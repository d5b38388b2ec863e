"""`lorewright deploy`, as it is typed."""

import json
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.cli.main import main


@pytest.fixture
def domain(tmp_path: Path) -> str:
    return str(lay_out(tmp_path / "handbook"))


def test_an_arm_goes_behind_a_name_and_back(domain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "base", "--name", "desk", "-d", domain]) == 0
    assert main(["deploy", "few-shot", "--name", "desk", "--canary", "0.1", "-d", domain]) == 0
    capsys.readouterr()
    assert main(["deploy", "--list", "-d", domain]) == 0
    shown = capsys.readouterr().out
    assert "desk@1  base      all other requests" in shown
    assert "desk@2  few-shot  10% of the requests" in shown
    assert main(["deploy", "--promote", "--name", "desk", "-d", domain]) == 0
    capsys.readouterr()
    assert main(["deploy", "--rollback", "--name", "desk", "--json", "-d", domain]) == 0
    assert json.loads(capsys.readouterr().out)["live"] == 1


def test_documents_are_granted_and_shown(domain: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks at a deployment must see that it answers from more than its caller may read."""
    assert main(["deploy", "base", "--name", "desk", "-d", domain]) == 0
    assert "the caller's" in capsys.readouterr().out
    assert main(["deploy", "--name", "desk", "--grant", "everyone", "-d", domain]) == 0
    assert "those of group_everyone, whoever asks (granted)" in capsys.readouterr().out
    assert main(["deploy", "--name", "desk", "--no-grant", "-d", domain]) == 0
    assert "the caller's" in capsys.readouterr().out


def test_a_bar_without_a_measurement_is_refused(domain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "base", "--name", "desk", "--min", "correctness=0.6", "-d", domain]) == 2
    assert "has not been measured" in capsys.readouterr().err
    assert main(["deploy", "base", "--name", "desk", "--min", "correctness", "-d", domain]) == 2
    assert "correctness=0.6" in capsys.readouterr().err
