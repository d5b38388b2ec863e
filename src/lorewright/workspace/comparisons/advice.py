"""The recommendation, and what it is made of."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.advisor import (
    Assumptions,
    Facts,
    Recommendation,
    Tipping,
    arm_by_preset,
    assume,
    assumptions_in,
    recommend,
    render_text,
    tipping_points,
)
from lorewright.errors import NothingMeasured
from lorewright.evaluation import Comparison, comparison_to_json, to_json
from lorewright.settings import Preset, Settings
from lorewright.whole_files import write_whole
from lorewright.workspace.comparisons.facts import facts_of
from lorewright.workspace.comparisons.listing import find_comparison, standing_comparison
from lorewright.workspace.dataset.at_hand import material_at_hand_for
from lorewright.workspace.domain.settings_file import change_settings
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Written:
    """A comparison with its recommendation, and the files that hold both."""

    comparison: Comparison
    recommendation: Recommendation
    html_path: Path
    json_path: Path

    @property
    def text(self) -> str:
        """Return the report for a terminal."""
        return render_text(self.comparison, self.recommendation)

    def to_json(self) -> dict[str, Any]:
        """Return all the report says as a JSON value."""
        return {
            **_report(self.comparison, self.recommendation),
            "html_path": str(self.html_path),
            "json_path": str(self.json_path),
        }


def write_report(
    workspace: Workspace, caller: Caller, *, comparison_id: str = "", html_path: Path | None = None
) -> Written:
    """Write the last comparison, or the one with an id, as one HTML file and as JSON; return both.

    They lie in the state folder's `reports/`, named after the moment of the comparison; the HTML
    also at `html_path` where given. Raises `NothingMeasured` before the first comparison.
    """
    from lorewright.advisor.page import render_html  # loads the template engine

    comparison = _comparison(workspace, caller, comparison_id)
    if comparison is None:
        raise NothingMeasured("No comparison yet.", hint="Run: lorewright compare")
    recommendation = recommendation_of(workspace, caller, comparison)
    folder = workspace.state_folder / "reports"
    folder.mkdir(exist_ok=True)
    name = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(comparison.created_at))
    html = folder / f"{name}.html" if html_path is None else html_path
    written = Written(comparison, recommendation, html, folder / f"{name}.json")
    write_whole(html, render_html(comparison, recommendation))
    write_whole(written.json_path, json.dumps(written.to_json(), ensure_ascii=False))
    return written


def report_of(workspace: Workspace, caller: Caller, comparison_id: str) -> dict[str, Any]:
    """Return all that the report of a comparison says, as a JSON value; raise `NotFound` without it."""
    comparison = find_comparison(workspace, caller, comparison_id)
    return _report(comparison, recommendation_of(workspace, caller, comparison))


def html_of(workspace: Workspace, caller: Caller, comparison_id: str) -> str:
    """Return the report of a comparison as one self-contained HTML page; raise `NotFound` without it."""
    from lorewright.advisor.page import render_html  # loads the template engine

    comparison = find_comparison(workspace, caller, comparison_id)
    return render_html(comparison, recommendation_of(workspace, caller, comparison))


def advise(workspace: Workspace, caller: Caller) -> tuple[Comparison | None, Recommendation]:
    """Return the recommendation from all that is known now, with the comparison it rests on, if any."""
    comparison = standing_comparison(workspace, caller)
    return comparison, recommendation_of(workspace, caller, comparison)


def recommendation_of(workspace: Workspace, caller: Caller, comparison: Comparison | None) -> Recommendation:
    """Return the recommendation that follows from a comparison and what is known of the domain now."""
    return _inputs(workspace, caller, comparison).advice()


def _report(comparison: Comparison, recommendation: Recommendation) -> dict[str, Any]:
    return {
        "comparison": comparison_to_json(comparison),
        "recommendation": to_json(recommendation),
    }


@dataclass(frozen=True, slots=True)
class AdviceInputs:
    """Facts, a comparison if there is one, and settings: advice follows from them, without measuring."""

    facts: Facts
    comparison: Comparison | None
    settings: Settings

    @property
    def assumptions(self) -> Assumptions:
        """Return what the settings take for granted."""
        return assumptions_in(self.settings)

    def advice(self, assumptions: Assumptions | None = None) -> Recommendation:
        """Return the recommendation, with other assumptions than the settings' where they are given."""
        if assumptions is None:
            return recommend(self.facts, self.comparison, self.settings)
        facts, settings = assume(assumptions, self.facts, self.settings)
        return recommend(facts, self.comparison, settings)

    def by_preset(self, assumptions: Assumptions) -> dict[Preset, str]:
        """Return the arm that each named set of priorities recommends; none before measuring."""
        if self.comparison is None or not self.comparison.reports:
            return {}
        facts, settings = assume(assumptions, self.facts, self.settings)
        return arm_by_preset(facts, self.comparison, settings)

    def tipping(self, assumptions: Assumptions) -> tuple[Tipping, ...]:
        """Return how far each assumption must move until the verdict is another; none before measuring."""
        if self.comparison is None or not self.comparison.reports:
            return ()
        return tipping_points(self.facts, self.comparison, self.settings, assumptions)


def advice_inputs(workspace: Workspace, caller: Caller, comparison_id: str = "") -> AdviceInputs:
    """Return what is known now, with a comparison or the latest one; raise `NotFound` for an unknown id."""
    return _inputs(workspace, caller, _comparison(workspace, caller, comparison_id))


def _inputs(workspace: Workspace, caller: Caller, comparison: Comparison | None) -> AdviceInputs:
    facts = facts_of(workspace, caller, material_at_hand_for(workspace, caller))
    return AdviceInputs(facts, comparison, workspace.settings)


def _comparison(workspace: Workspace, caller: Caller, comparison_id: str) -> Comparison | None:
    """Return a comparison by its id, or ('') the latest one."""
    if comparison_id:
        return find_comparison(workspace, caller, comparison_id)
    return standing_comparison(workspace, caller)


def save_assumptions(workspace: Workspace, caller: Caller, assumptions: Assumptions) -> Settings:
    """Write assumptions into lorewright.toml, where they hold for everything; return the settings."""
    return change_settings(workspace, caller, assumptions.as_settings)
