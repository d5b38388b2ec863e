"""The cheapest way through every template: laid out, indexed, asked, compared on five questions."""

import json
from pathlib import Path

import pytest
from tests.fixtures.command_line import Domain

from lorewright.workspace.domain.templates import VERSION_DESK, templates

pytestmark = pytest.mark.thorough
OFFLINE = '\n[models]\nembedding = "hashing"\njudge = "none"\n'
"""Words instead of meaning: no model is needed, and none is measured."""


@pytest.mark.parametrize("name", [name for name in templates() if name != VERSION_DESK])
def test_a_template_runs(tmp_path: Path, name: str) -> None:
    """Whoever starts from a template gets to a comparison without a model, a key, or an error."""
    Domain(tmp_path, tmp_path / "cache").run("init", "mine", "--template", name)
    domain = Domain(tmp_path / "mine", tmp_path / "cache")
    settings = domain.folder / "lorewright.toml"
    settings.write_text(settings.read_text() + OFFLINE)
    documents = [path for path in (domain.folder / "documents").rglob("*") if path.is_file()]
    assert domain.json("add", "--sync")["n_new"] == len(documents)
    questions = (domain.folder / "questions" / "held-out.jsonl").read_text().splitlines()
    asked = json.loads(questions[0])
    arm = "quote" if documents else "nearest"

    answer = domain.json("ask", asked["question"], "--arm", arm)
    assert answer["text"]

    compared = domain.json("compare", "--arms", arm, "--limit", "5", "--no-drill")
    assert [report["arm"] for report in compared["comparison"]["reports"]] == [arm]
