"""The comparison that a new one is held against."""

from lorewright.access import Caller
from lorewright.errors import NothingMeasured
from lorewright.evaluation import Comparison
from lorewright.workspace.comparisons.listing import find_comparison, standing_comparison
from lorewright.workspace.domain.workspace import Workspace

LATEST = "latest"


def find_baseline(workspace: Workspace, caller: Caller, name: str) -> Comparison:
    """Return a comparison by its id, or the `latest` that was measured here.

    Raises `NothingMeasured` where there is none: better than to find out after an hour of measuring.
    """
    if name != LATEST:
        return find_comparison(workspace, caller, name)
    latest = standing_comparison(workspace, caller)
    if latest is None or latest.measured.origin:
        raise NothingMeasured("No comparison to use as the baseline.", hint="Run: lorewright compare")
    return latest
