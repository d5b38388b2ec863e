"""Table rows in which every cell names its column: what a small model reads without counting columns."""

import re
from collections.abc import Iterator, Sequence

from lorewright.documents.blocks import blocks
from lorewright.knowledge.words import content_words, root

_BAR = re.compile(r"(?<!\\)\|")
_SEPARATOR = re.compile(r"[\s|:+-]*")
_MONEY = r"[$€£¥]\s?\d|\d\s?[$€£¥]|\b(?:USD|EUR|GBP|CHF|SEK)\b"
_DATE = r"\b(?:19|20)\d\d\b|\d{1,2}[./]\d{1,2}[./]\d"
SOUGHT = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(cell, re.IGNORECASE))
    for asked, cell in (
        (r"\bhow much (?:is|are)\b|\b(?:cost|price|pay|charge|fee)", _MONEY),
        (r"\bwhen\b|\bwh(?:at|ich) (?:date|year|day)\b", _DATE),
        (r"\bhow long\b", r"\d\W?\s?(?:minutes?|hours?|days?|weeks?|months?|years?|min|h)\b"),
        (r"\bhow heavy\b|\bweigh", r"\d\s?(?:kg|g|lbs?|oz)\b"),
        (r"\bhow fast\b|\bspeed\b", r"\d\s?(?:[kMG]?bit/s|[kMG]B/s|km/h|mph|rpm)\b"),
    )
)
"""What a question asks for, in English, and how a cell with it looks."""


def with_named_cells(text: str, header: str = "", *, question: str = "") -> str:
    """Return a text with its tables as one line per row, "- Model: R2; Price: $129"; all else as it is.

    Where the question names a column, or asks for what only some cells of a row look like, the other
    cells but the first are left out. `header` stands above the text: the header rows of a table that
    the text goes on with, or a line that announces it. A table whose columns have no names stays.
    """
    whole = f"{header}\n{text}" if header else text
    kept, end = [], 0
    for block in blocks(whole):
        if block.kind == "table":
            rows = [whole[slice(*row)] for row in block.rows]
            n_names = max(block.n_header_rows, _n_rows_of(header) if block.start == 0 else 0)
            lines = list(_named(rows, min(n_names, len(rows) - 1), question))
            if lines:
                kept += [whole[end : block.start], "\n".join(lines)]
                end = block.end
    return "".join([*kept, whole[end:]])


def _n_rows_of(header: str) -> int:
    rows = header.splitlines()
    return len(rows) if all("|" in row for row in rows) else 0


def _named(rows: Sequence[str], n_names: int, question: str) -> Iterator[str]:
    """Yield the rows below the first `n_names` as lines; none where those name no column."""
    heads = [_cells(row) for row in rows[:n_names] if not _SEPARATOR.fullmatch(row)]
    width = max(map(len, heads), default=0)
    names = [
        " ".join(dict.fromkeys(head[at] for head in heads if at < len(head) and head[at]))
        for at in range(width)
    ]
    if not any(names):
        return
    for row in rows[n_names:]:
        if not _SEPARATOR.fullmatch(row):
            cells = [(names[at] if at < width else "", cell) for at, cell in enumerate(_cells(row)) if cell]
            shown = [f"{name}: {cell}" if name else cell for name, cell in _sought(cells, question)]
            yield f"- {'; '.join(shown)}"


def _sought(cells: Sequence[tuple[str, str]], question: str) -> Sequence[tuple[str, str]]:
    """Return the first cell and those that a question is after; all of them where none is."""
    first, others = cells[:1], cells[1:]
    asked = {root(word) for word in content_words(question)}
    looks = [look for cue, look in SOUGHT if cue.search(question)]
    chosen = [
        (name, cell)
        for name, cell in others
        if asked & {root(word) for word in content_words(f"{name} {cell}")}
        or any(look.search(cell) for look in looks)
    ]
    return [*first, *chosen] if chosen else cells


def _cells(row: str) -> list[str]:
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]
