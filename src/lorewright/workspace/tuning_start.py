"""A tuning begun as it was planned: the dials into the settings, then the job."""

from lorewright.access import Key
from lorewright.jobs import Job
from lorewright.workspace.audit import audit
from lorewright.workspace.home import Home
from lorewright.workspace.settings_file import change_settings
from lorewright.workspace.tuning_plan import Dials


def start_tuning(home: Home, caller: Key, dials: Dials, *, only: str | None = None) -> Job:
    """Return the job that trains the adapters (or `only` one) with these dials, begun in the background.

    The dials become the domain's settings: a comparison trains with the same ones.
    """
    caller.need("tune")
    changes = dials.changes(home.workspace.settings)
    if changes:
        change_settings(home.workspace, changes)
        audit(home, caller, "settings.changed", keys=sorted(changes))
    return home.start("tune", {"only": only})
