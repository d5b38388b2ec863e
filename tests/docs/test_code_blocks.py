"""What the documentation says can be done, can be done."""

import json
import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.fixtures.pages import FROM_OPENAI, blocks

from lorewright.cli.main import VERBS, find_verb, main
from lorewright.settings import read_settings

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guide").glob("*.md")),
    *sorted((ROOT / "docs" / "uses").glob("*.md")),
]
SLOW = {"tune", "compare", "demo", "models", "advise", "report"}
OFFLINE = '[models]\nembedding = "hashing"\nchat = "file:/no/model.gguf"\n'


def commands(page: Path) -> list[list[str]]:
    """Return every command line that a page's console blocks show."""
    lines = [
        line[2:] for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ ")
    ]
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_is_one_that_exists(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A verb or an option that was renamed must not live on in the documentation."""
    for words in commands(page):
        if words[0] != "lorewright":
            continue
        verb = find_verb(words[1])
        with pytest.raises(SystemExit) as asked:
            main([words[1], "--help"])
        assert asked.value.code == 0
        shown = capsys.readouterr().out
        assert str(verb.__doc__).split(maxsplit=1)[0] in shown
        assert "Example:" in shown
        for option in (word for word in words[2:] if word.startswith("--")):
            assert option in shown, f"{page.name}: {shlex.join(words)}"


def test_the_guide_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """The quick commands are run for real, in the order in which a reader meets them."""
    handbook = tmp_path / "handbook"
    handbook.mkdir()
    (handbook / "leaving.md").write_text("# Leaving\n\nThe notice period is 3 months.\n")
    place, environment = tmp_path, {**os.environ, "LOREWRIGHT_CACHE": str(tmp_path / "cache")}
    n_run = 0
    for words in commands(ROOT / "docs" / "guide" / "your-own-domain.md"):
        if words[0] == "cd":
            place /= words[1]
            continue
        if words[1] in SLOW or words[1] == "ask":
            continue
        done = subprocess.run(
            [sys.executable, "-m", "lorewright.cli", *words[1:]],
            cwd=place, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stderr}"
        if words[1] == "init":
            (place / words[2] / "lorewright.toml").write_text(OFFLINE)
        if words[1] == "search":
            assert "3 months" in done.stdout
        n_run += 1
    assert n_run >= 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_and_examples_shown_are_valid(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(page, "toml")):
        tomllib.loads(block)
        path = tmp_path / f"{number}.toml"
        path.write_text(block)
        read_settings(path)
    for block in blocks(page, "json"):
        json.loads(block)


@pytest.mark.parametrize("page", [page for page in PAGES if page != FROM_OPENAI], ids=lambda page: page.name)
def test_python_shown_runs(page: Path) -> None:
    for block in blocks(page, "python"):
        subprocess.run([sys.executable, "-c", block], check=True, capture_output=True)


def test_every_verb_has_a_line_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    assert [verb for verb in VERBS if f"lorewright {verb}" not in text] == []
