"""`lorewright demo` goes on as the verbs that it runs."""

from pathlib import Path

import pytest

from lorewright.cli.main import main


def test_the_demo_takes_whatever_compare_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that compare had gained ended the first command of the README with an unexpected error."""
    monkeypatch.chdir(tmp_path)

    code = main(["demo", "desk", "--limit", "0"])

    assert code == 2
    assert "--limit is 0" in capsys.readouterr().err
    assert (tmp_path / "desk" / "lorewright.toml").exists()


def test_the_finished_comparison_is_shown_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = main(["demo", "desk", "--finished"])

    assert code == 0
    assert "Use hybrid" in capsys.readouterr().out
