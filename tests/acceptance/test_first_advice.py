"""Advice without measuring: a few questions on the terminal, and the comparison that is shipped."""

import json
import os
import subprocess
import sys
from pathlib import Path


def run(*words: str, folder: Path, said: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lorewright.cli", *words],
        cwd=folder, input=said, text=True, capture_output=True, timeout=120, check=True,
        env={**os.environ, "LOREWRIGHT_CACHE": str(folder / "cache")},
    )  # fmt: skip


def test_questions_are_answered_by_number_without_a_domain(tmp_path: Path) -> None:
    told = run("advise", "--ask", folder=tmp_path, said="3\n4\n1\nten\n2\n1\n1\n1\n")
    assert "Start with hybrid" in told.stdout
    assert "not measured yet" in told.stdout
    assert "'ten' is not one of the choices" in told.stderr


def test_what_is_not_answered_is_not_known(tmp_path: Path) -> None:
    found = json.loads(run("advise", "--ask", "--json", folder=tmp_path).stdout)
    assert found["confidence"] == "very low"
    assert found["is_measured"] is False


def test_the_finished_demo_is_shown_at_once_and_says_where_it_is_from(tmp_path: Path) -> None:
    told = " ".join(run("demo", "desk", "--finished", folder=tmp_path).stdout.split())
    assert "Use hybrid" in told
    assert "not on this machine" in told
    assert not (tmp_path / "cache").exists()  # no model is fetched for it
