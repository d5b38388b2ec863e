"""The finished comparison that comes with the version desk, and those of other templates."""

from pathlib import Path

import pytest

from lorewright.access import LOCAL
from lorewright.advisor import render_html, render_text
from lorewright.errors import UserError
from lorewright.evaluation import Comparison
from lorewright.workspace.comparisons.advice import advice_inputs
from lorewright.workspace.comparisons.bundled import (
    has_bundled_comparison,
    is_measured,
    is_still_measured,
    load_bundled_comparison,
    measured_file,
)
from lorewright.workspace.comparisons.evidence import find_evidence
from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.templates import create_from_template, templates
from lorewright.workspace.domain.version_desk import create_demo
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.ask import default_arm


@pytest.mark.parametrize("name", [name for name in templates() if is_measured(name)])
def test_it_was_measured_on_exactly_what_is_shipped(name: str) -> None:
    """Change a bundled domain, and its comparison has to be measured again."""
    assert is_still_measured(name)


@pytest.mark.parametrize("name", ["contract-analysis", "customer-tone"])
def test_a_template_shows_its_own(tmp_path: Path, name: str) -> None:
    """Each with its own figures, also where there are no documents; with another's questions none."""
    with Workspace(create_from_template(tmp_path / name, name)) as workspace:
        comparison = load_bundled_comparison(workspace, LOCAL)
        assert comparison.id == measured_file(name)["comparison"]["id"]
        assert (
            find_evidence(workspace, LOCAL, comparison.id, comparison.arms[0], _first(comparison)) is not None
        )
        (workspace.questions_folder / "more.jsonl").write_text('{"question": "Why?", "answers": ["So."]}\n')
        assert not has_bundled_comparison(workspace, LOCAL)


def _first(comparison: Comparison) -> str:
    return comparison.reports[0].rows[0].question_id


def test_it_has_every_arm_and_the_drill(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as workspace:
        found = load_bundled_comparison(workspace, LOCAL)
        assert {"quote", "nearest", "rag", "tuned", "hybrid"} < set(found.arms)
        assert len(found.arms) == 9
        assert found.n_questions == 30
        assert found.drill is not None


def test_it_says_that_it_was_not_measured_here(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as workspace:
        found = load_bundled_comparison(workspace, LOCAL)
        advice = advice_inputs(workspace, LOCAL, found.id).advice()
        assert found.measured.origin.startswith("measured before shipping, on ")
        assert "on another machine" in advice.table[0].cells["hybrid"].source
        for shown in (render_text(found, advice), render_html(found, advice)):
            assert "not on this machine" in " ".join(shown.split())
        assert measured_file("version-desk")["provenance"]["machine"]


def test_every_answer_of_it_tells_how_it_came_about(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as workspace:
        found = load_bundled_comparison(workspace, LOCAL)
        report = found.report("hybrid")
        assert report is not None
        for row in report.rows:
            making = find_evidence(workspace, LOCAL, found.id, "hybrid", row.question_id)
            assert making is not None
            assert making.hits
            assert making.prompt


def test_loading_it_again_changes_nothing(tmp_path: Path) -> None:
    with Workspace(create_demo(tmp_path / "desk")) as workspace:
        load_bundled_comparison(workspace, LOCAL)
        load_bundled_comparison(workspace, LOCAL)
        assert len(workspace.comparisons.all()) == 1


def test_other_documents_are_not_what_was_measured(tmp_path: Path) -> None:
    with (
        Workspace(init_domain(tmp_path / "other")) as workspace,
        pytest.raises(UserError, match="does not hold the files of a template"),
    ):
        load_bundled_comparison(workspace, LOCAL)


def test_an_arm_that_was_only_built_elsewhere_is_not_the_default(tmp_path: Path) -> None:
    """Asking without naming an arm must work before anything was tuned here."""
    with Workspace(create_demo(tmp_path / "desk")) as workspace:
        assert load_bundled_comparison(workspace, LOCAL).recommended_arm == "hybrid"
        assert default_arm(workspace, LOCAL) == "base"
