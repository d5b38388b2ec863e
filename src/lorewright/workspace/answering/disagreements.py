"""Documents behind an answer that contradict each other, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from lorewright.access import Caller
from lorewright.documents import Document
from lorewright.knowledge import Citation, Hit
from lorewright.knowledge.conflicts import Statement, conflicts
from lorewright.workspace.domain.workspace import Workspace

_DATES = ("date", "updated", "modified", "last_updated", "published")
"""Where a document says of which day it is, in its own metadata."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """One side of a disagreement: the place, what it says, and its day (that of its last change here)."""

    citation: Citation
    value: str
    day: str


def disagreements(workspace: Workspace, question: str, hits: Sequence[Hit]) -> list[tuple[Dated, Dated]]:
    """Return where documents among the hits say different things of what is asked, the newer one first."""
    numbers = {hit.chunk.id: number for number, hit in enumerate(hits, start=1)}
    found = []
    for conflict in conflicts(question, hits):
        sides = [_dated(workspace, side, numbers) for side in (conflict.first, conflict.second)]
        newer, older = sorted(sides, key=lambda side: side.day, reverse=True)
        found.append((newer, older))
    return found


def find_disagreements(
    workspace: Workspace, caller: Caller, question: str, hits: Sequence[Hit]
) -> list[list[dict[str, Any]]]:
    """Return what `disagreements_json` does, to a caller who may read what was found."""
    caller.need("read")
    return disagreements_json(workspace, question, hits)


def disagreements_json(
    workspace: Workspace, question: str, hits: Sequence[Hit], *, names: Mapping[str, str] | None = None
) -> list[list[dict[str, Any]]]:
    """Return what `disagreements` does as citations in JSON; `names` are those of documents with ids."""
    return [
        [
            asdict(side.citation)
            | {
                "name": (names or {}).get(side.citation.document_id, side.citation.document_id),
                "value": side.value,
                "day": side.day,
            }
            for side in pair
        ]
        for pair in disagreements(workspace, question, hits)
    ]


def _dated(workspace: Workspace, side: Statement, numbers: Mapping[str, int]) -> Dated:
    chunk = side.hit.chunk
    citation = Citation(
        number=numbers[chunk.id], document_id=chunk.document_id, title=chunk.title, start=side.start,
        end=side.end, quote=side.text, position=0, page=chunk.page, heading_path=chunk.heading_path,
    )  # fmt: skip
    return Dated(citation=citation, value=side.value, day=_day(workspace, chunk.document_id))


def _day(workspace: Workspace, document_id: str) -> str:
    document = workspace.documents.find(document_id)
    own = _own_day(document) if document else ""
    if own:
        return own
    changes = workspace.documents.changes(document_id=document_id)
    return f"{datetime.fromtimestamp(changes[-1].at, UTC):%Y-%m-%d}" if changes else ""


def _own_day(document: Document) -> str:
    for name in _DATES:
        try:
            return datetime.fromisoformat(document.metadata.get(name, "")).date().isoformat()
        except ValueError:
            continue
    return ""
