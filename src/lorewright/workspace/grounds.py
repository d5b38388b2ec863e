"""What advice rests on, and what it would be if something were otherwise."""

from dataclasses import dataclass

from lorewright.advisor import (
    Assumptions,
    Facts,
    Recommendation,
    Tipping,
    assume,
    assumptions_in,
    recommend,
    tipping_points,
)
from lorewright.evaluation import Comparison
from lorewright.settings import Settings
from lorewright.workspace.comparison_list import find_comparison
from lorewright.workspace.facts import facts_of
from lorewright.workspace.material import read_material
from lorewright.workspace.settings_file import change_settings
from lorewright.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Grounds:
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

    def tipping(self, assumptions: Assumptions) -> tuple[Tipping, ...]:
        """Return how far each assumption must move until the verdict is another; none before measuring."""
        if self.comparison is None or not self.comparison.reports:
            return ()
        return tipping_points(self.facts, self.comparison, self.settings, assumptions)


def grounds(workspace: Workspace, comparison_id: str = "") -> Grounds:
    """Return what is known now, with a comparison or the latest one; raise `NotFound` for an unknown id."""
    comparison = (
        find_comparison(workspace, comparison_id) if comparison_id else workspace.comparisons.latest()
    )
    return Grounds(facts_of(workspace, read_material(workspace)), comparison, workspace.settings)


def keep_assumptions(workspace: Workspace, assumptions: Assumptions) -> Settings:
    """Write assumptions into lorewright.toml, where they hold for everything; return the settings."""
    return change_settings(workspace, assumptions.as_settings)
