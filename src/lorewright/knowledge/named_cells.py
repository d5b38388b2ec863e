"""Table rows in which every cell names its column: what a small model reads without counting columns."""

import re
from collections.abc import Iterator, Sequence

from lorewright.documents.blocks import blocks
from lorewright.knowledge.asked_cells import asked_rows, cells_of

_SEPARATOR = re.compile(r"[\s|:+-]*")


def with_named_cells(text: str, header: str = "", *, question: str = "") -> str:
    """Return a text with its tables as one line per row, "- Model: R2; Price: $129"; all else as it is.

    Where the question names rows, the others are left out, and of a row all cells but the first and those
    that it is after: it names their column, or asks for what only they look like. `header` stands above the
    text: the header rows of a table that the text goes on with, or a line that announces it. A table whose
    columns have no names stays.
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
    heads = [cells_of(row) for row in rows[:n_names] if not _SEPARATOR.fullmatch(row)]
    width = max(map(len, heads), default=0)
    names = [
        " ".join(dict.fromkeys(head[at] for head in heads if at < len(head) and head[at]))
        for at in range(width)
    ]
    if not any(names):
        return
    cells = [cells_of(row) for row in rows[n_names:] if not _SEPARATOR.fullmatch(row)]
    for asked in asked_rows(question, names, cells):
        row = cells[asked.place]
        filled = [at for at, cell in enumerate(row) if cell]
        kept = {filled[0] if filled else 0, asked.key, *asked.sought}
        shown = [at for at in filled if at in kept or not asked.sought]
        told = [f"{names[at]}: {row[at]}" if at < width and names[at] else row[at] for at in shown]
        yield f"- {'; '.join(told)}"
