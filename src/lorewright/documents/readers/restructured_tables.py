"""The two tables of reStructuredText that are drawn: between lines of "=", and in a grid."""

import re
from collections.abc import Sequence
from itertools import pairwise

Rows = list[list[str]]

_SIMPLE = re.compile(r"=+(?: +=+)+ *\Z")
_GRID = re.compile(r"\+(?:[-=]+\+)+ *\Z")
_PARTLY = re.compile(r"-+(?: +-+)* *\Z")


def is_border(line: str) -> bool:
    """Tell whether a table may begin with a line."""
    return bool(_SIMPLE.match(line) or _GRID.match(line))


def simple_rows(lines: Sequence[str], place: int) -> tuple[Rows, int, int]:
    """Return the rows, how many of them are names, and the place after a table between lines of "="."""
    starts = [run.start() for run in re.finditer("=+", lines[place])]
    borders = [place]
    end = place + 1
    while end < len(lines) and len(borders) < 3:
        if _SIMPLE.match(lines[end]):
            borders.append(end)
            if end + 1 == len(lines) or not lines[end + 1]:
                break
        end += 1
    if len(borders) < 2:
        return [], 0, place
    rows: Rows = []
    n_names = 0
    for at in range(place + 1, borders[-1]):
        if at in borders:
            n_names = len(rows)
        elif lines[at] and not _PARTLY.match(lines[at]):
            cells = _cut(lines[at], starts)
            if cells[0] or not rows:
                rows.append(cells)
            else:  # a line without a first cell goes on with the row above it
                rows[-1] = [f"{upper} {lower}".strip() for upper, lower in zip(rows[-1], cells, strict=True)]
    return rows, n_names, borders[-1] + 1


def grid_rows(lines: Sequence[str], place: int) -> tuple[Rows, int, int]:
    """Return the rows, how many of them are names, and the place after a table drawn as a grid."""
    end = place
    while end < len(lines) and lines[end].startswith(("+", "|")):
        end += 1
    edges = sorted(
        {at for line in lines[place:end] if _GRID.match(line) for at, c in enumerate(line) if c == "+"}
    )
    starts = [edge + 1 for edge in edges[:-1]]
    rows: Rows = []
    open_row: list[str] | None = None
    n_names = 0
    for line in lines[place:end]:
        if line.startswith("+"):
            open_row = None
            if "=" in line:
                n_names = len(rows)
            continue
        cells = [cell.strip("| ") for cell in _cut(line, starts)]
        if open_row is None:
            rows.append(cells)
            open_row = rows[-1]
        else:
            open_row[:] = [f"{a} {b}".strip() for a, b in zip(open_row, cells, strict=True)]
    return rows, n_names, end


def _cut(line: str, starts: Sequence[int]) -> list[str]:
    edges = [*starts, max(len(line), starts[-1])]
    return [line[first:last].strip() for first, last in pairwise(edges)]
