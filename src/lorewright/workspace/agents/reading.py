"""What a run of an agent read: who may not read that any more does not see the run."""

from collections.abc import Iterable, Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.agents.journal import Entry
from lorewright.storage import Record
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

_WITHOUT_DOCUMENTS = {
    "plan", "delegate", "calculate", "current_date", "days_between", "add_to_date", "write_file",
    "read_file", "list_files",
}  # fmt: skip
_NAMING_DOCUMENTS = {
    "search": (), "read_document": ("document",), "query_document": ("document",),
    "compare_documents": ("first", "second"),
}  # fmt: skip
"""Tools whose output is made of the passages in it and of the documents in these arguments."""

NOTHING_READ: Mapping[str, Any] = {"moments": [], "documents": []}


def documents_read(entries: Iterable[Entry]) -> list[str] | None:
    """Return the documents behind what the tools of a run said, `None` where they are not all known."""
    documents: set[str] = set()
    for entry in entries:
        if entry["kind"] != "call" or entry.get("error") or entry["tool"] in _WITHOUT_DOCUMENTS:
            continue
        given = entry.get("documents", ()) if _is_told(entry["tool"]) else None
        if given is None:
            return None
        named = (entry["arguments"].get(name) for name in _NAMING_DOCUMENTS.get(entry["tool"], ()))
        documents |= {*given, *(str(name) for name in named if name)}
        passages = (str(chunk["document_id"]) for chunk in entry.get("chunks", ()))
        documents |= {name for name in passages if not name.startswith("tool:")}
    return sorted(documents)


def _is_told(tool: str) -> bool:
    """Return whether it is known what a tool's output was made of: models and arms say it themselves."""
    return tool in _NAMING_DOCUMENTS or tool == "ask" or tool.startswith("model_")


def reading_now(workspace: Workspace, caller: Caller) -> dict[str, Any]:
    """Return what a caller's agent may read at this moment, to be kept with its run."""
    allowed = readable(workspace, caller)
    return {
        "has_rest": allowed.has_rest, "restricted": sorted(allowed.restricted),
        "opened": sorted(allowed.opened),
    }  # fmt: skip


def with_reading(
    body: Mapping[str, Any], moment: Mapping[str, Any], documents: list[str] | None
) -> dict[str, Any]:
    """Return the body of a run's record with another moment of reading, and what it read so far."""
    former = body.get("reading", NOTHING_READ)["moments"]
    moments = former if moment in former else [*former, moment]
    return {**body, "reading": {"moments": moments, "documents": documents}}


def is_seen_by(record: Record, allowed: Readable) -> bool:
    """Return whether somebody may read all that a run was made of."""
    reading = record.body.get("reading")
    if allowed.is_all or reading is None:
        return allowed.is_all
    if reading["documents"] is not None:
        return allowed.holds_all(reading["documents"])
    return all(_as_readable(moment).is_within(allowed) for moment in reading["moments"])


def _as_readable(moment: Mapping[str, Any]) -> Readable:
    return Readable(moment["has_rest"], frozenset(moment["restricted"]), frozenset(moment["opened"]))
