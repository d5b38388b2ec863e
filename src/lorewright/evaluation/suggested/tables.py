"""Questions that a cell of a table answers, and questions that compare two rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.documents.blocks import BAR
from lorewright.evaluation.suggested.draft import Evidence
from lorewright.evaluation.suggested.outline import Part, bare

_SEPARATOR = re.compile(r"[\s|:+-]+")
_EMPTY = re.compile(r"[-–—.?*/\s]*|n/?a|none|unknown|tbd|tba|yes|no|x|✓|✗|true|false", re.IGNORECASE)  # noqa: RUF001
_MOST_COLUMNS, _MOST_ROWS = 12, 400
_MOST_CELL_WORDS, _MOST_LABEL_WORDS = 12, 6


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the row and the column that it stands in; `label_name` is the first column's name.

    Without `is_row` it stands in a line of its own, and the label is what the section is about.
    """

    topic: str
    label_name: str
    label: str
    column: str
    value: str
    evidence: Evidence
    is_row: bool = True


def cells(part: Part) -> Iterator[Cell]:
    """Yield the cells of a table that one can ask for, row by row.

    A table needs named columns; a row whose first cell another row has too is left out, as are
    values that say nothing and values too long to be an answer.
    """
    block, text = part.block, part.document.text
    if block.kind != "table" or not block.n_header_rows:
        return
    names = _cells(text[slice(*block.rows[0])])
    if not 2 <= len(names) <= _MOST_COLUMNS or not all(
        len(name.split()) <= _MOST_LABEL_WORDS for name in names
    ):
        return
    rows = [
        (start, end, _cells(text[start:end]))
        for start, end in block.rows[block.n_header_rows : _MOST_ROWS]
        if not _SEPARATOR.fullmatch(text, start, end)
    ]
    labels = [row[0].lower() for _, _, row in rows if row]
    for start, end, row in rows:
        if len(row) != len(names) or not _is_label(row[0]) or labels.count(row[0].lower()) > 1:
            continue
        for column, value in zip(names[1:], row[1:], strict=True):
            if column and names.count(column) == 1 and is_value(value):
                yield Cell(part.topic, names[0], row[0], column, value, part.evidence(start, end))


def is_value(text: str) -> bool:
    """Return whether a text can be an answer: it says something, in a few words."""
    return (
        bool(text)
        and not _EMPTY.fullmatch(text)
        and len(text.split()) <= _MOST_CELL_WORDS
        and "://" not in text
    )


def _is_label(text: str) -> bool:
    return (
        bool(text)
        and len(text.split()) <= _MOST_LABEL_WORDS
        and not _EMPTY.fullmatch(text)
        and "://" not in text
    )


def _cells(row: str) -> Sequence[str]:
    return [bare(cell) for cell in BAR.split(row.strip().removeprefix("|").removesuffix("|"))]
