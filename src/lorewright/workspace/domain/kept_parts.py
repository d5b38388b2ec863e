"""Which parts of documents the rows of a run were made of: kept with it, for its arm to show the same."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lorewright.knowledge.part_choice import SIGNS, PartChoice
from lorewright.storage import Database, Records
from lorewright.workspace.domain.workspace import Workspace

_KIND = "part_choice"


def keep_choice(database: Database, run_id: str, choice: PartChoice | None) -> None:
    """Keep with a run which parts its rows were made of, `None` for whole chunks."""
    if choice:
        Records(database, _KIND).put(run_id, lambda _: choice_to_json(choice))


def latest_choice(workspace: Workspace) -> PartChoice | None:
    """Return which parts the adapter that is used now has learned to read, `None` for whole chunks."""
    run = workspace.runs.latest("context")
    record = Records(workspace.database, _KIND).find(run.id) if run else None
    return choice_from_json(record.body) if record else None


def choice_to_json(choice: PartChoice) -> dict[str, Any]:
    """Return a choice as JSON values."""
    return asdict(choice)


def choice_from_json(body: Mapping[str, Any] | None) -> PartChoice | None:
    """Return a choice as it was kept, `None` for none, and for one of other signs than are known now."""
    if not body or len(body["weights"]) != len(SIGNS):
        return None
    return PartChoice(tuple(body["weights"]), body["n"])
