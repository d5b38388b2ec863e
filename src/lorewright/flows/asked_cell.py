"""The cell of a table, or the entry of a record, that a question asks for, where it names both its names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lorewright.flows.own_words import citation_of
from lorewright.knowledge import Citation, Hit, Quotable
from lorewright.knowledge.asked_cells import asked_cells, asks_for_entry, cells_of
from lorewright.knowledge.leads import ENTRY
from lorewright.knowledge.quotable import quotables
from lorewright.knowledge.quoting import N_READ

_MOST_WORDS = 8
"""A longer cell tells a story: a part of it may be the answer."""


@dataclass(frozen=True, slots=True)
class AskedCell:
    """What stands in a cell or an entry, and where its row stands."""

    text: str
    row: Citation

    def is_in(self, text: str) -> bool:
        """Tell whether a text says it word for word: 15 is not in 105."""
        return f" {_words(self.text)} " in f" {_words(text)} "


def asked_cell(question: str, hits: Sequence[Hit]) -> AskedCell | None:
    """Return the one cell in the tables, or value in the records, of the hits that a question asks for.

    `None` where it names no row or no column, or where several cells may be meant.
    """
    found = [*_found(question, hits[:N_READ]), *_entries(question, hits[:N_READ])]
    if len({cell for cell, _ in found}) != 1 or len(found[0][0].split()) > _MOST_WORDS:
        return None
    cell, row = found[0]
    number = [hit.chunk.id for hit in hits].index(row.hit.chunk.id) + 1
    return AskedCell(cell, citation_of(row, number, len(cell)))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _found(question: str, hits: Sequence[Hit]) -> Iterator[tuple[str, Quotable]]:
    for hit in hits:
        for (kind, lead), parts in groupby(quotables(hit), key=lambda part: (part.kind, part.lead)):
            rows = list(parts) if kind == "table" else []
            cells = [cells_of(row.text) for row in rows]
            for place, cell in asked_cells(question, cells_of(lead), cells):
                yield cells[place][cell], rows[place]


def _entries(question: str, hits: Sequence[Hit]) -> Iterator[tuple[str, Quotable]]:
    for part in (part for hit in hits for part in quotables(hit)):
        entry = ENTRY.fullmatch(part.text) if part.kind == "paragraph" else None
        above = f"{part.hit.chunk.headings}\n{part.lead}"
        if entry and asks_for_entry(question, entry["name"], above):
            yield entry["value"], part
