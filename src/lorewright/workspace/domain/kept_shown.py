"""What of the chunks the rows of a run held: kept with the run, so that its arm shows the same."""

from lorewright.flows.arms.shown import ShownChunks, shown_from_json
from lorewright.storage import Database, Records
from lorewright.workspace.domain.workspace import Workspace

_KIND = "shown_chunks"


def keep_shown(database: Database, run_id: str, shown: ShownChunks) -> None:
    """Keep it with a run, unless it is whole chunks as they are."""
    if shown != ShownChunks():
        Records(database, _KIND).put(run_id, lambda _: shown.to_json())


def latest_shown(workspace: Workspace) -> ShownChunks:
    """Return what the adapter that is used now has learned to read."""
    run = workspace.runs.latest("context")
    record = Records(workspace.database, _KIND).find(run.id) if run else None
    return shown_from_json(record.body) if record else ShownChunks()
