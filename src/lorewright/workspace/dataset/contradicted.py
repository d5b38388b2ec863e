"""Rows whose numbers, dates and names the documents give otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lorewright.access import Caller
from lorewright.datasets.findings import Finding
from lorewright.knowledge import Hit
from lorewright.knowledge.claims import claims
from lorewright.knowledge.contradicted import Contradicted, contradicted
from lorewright.knowledge.reader_view import ReaderView
from lorewright.workspace.dataset.table import DataRow
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

MOST_COMPARED = 3000
"""Rows with a value in their answer that are looked up: each is a search."""
_N_HITS = 5


def contradicted_rows(
    workspace: Workspace, caller: Caller, rows: Sequence[DataRow]
) -> tuple[list[DataRow], int]:
    """Return the rows with what the documents give otherwise, and how many were compared.

    Documents that a caller may not read contradict nothing; a row that names its documents is compared
    with these.
    """
    allowed = readable(workspace, caller)
    stating = [row for row in rows if row.placed.value and row.placed.value.answerable and claims(row.answer)]
    if not stating or workspace.documents.count(allowed) == 0 or workspace.collection.count(allowed) == 0:
        return [], 0
    view, compared = workspace.searchable_by(allowed), stating[:MOST_COMPARED]
    return list(_contradicted(view, compared)), len(compared)


def _contradicted(view: ReaderView, rows: Sequence[DataRow]) -> Iterator[DataRow]:
    for row in rows:
        example = row.placed.value
        if example is None:
            continue
        hits = view.search(f"{example.question}\n{row.answer}", n=_N_HITS)
        named = [hit for hit in hits if set(hit.document_ids) & set(example.document_ids)]
        found = contradicted(example.question, row.answer, named or hits)
        if found is not None:
            yield replace(row, findings=(*row.findings, Finding("contradicted", row.id, _told(found))))


def _told(found: Contradicted) -> str:
    instead = f"the documents say {found.instead!r}" if found.instead else "the documents say otherwise"
    return f"It says {found.said!r}, {instead} ({_place(found.hit)}): {' '.join(found.sentence.split())}"


def _place(hit: Hit) -> str:
    chunk = hit.chunk
    return f"{chunk.document_id}, page {chunk.page}" if chunk.page is not None else chunk.document_id
