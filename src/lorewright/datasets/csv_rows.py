"""Rows of a table in text: where its column names stand, and what divides the cells."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

_DIVIDERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Header:
    """The record of a table that names its columns: from which to which of the text's lines it goes.

    No two names are the same; a column without a name is called by its number.
    """

    names: tuple[str, ...]
    divider: str
    first: int
    last: int


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends as they are."""
    return list(StringIO(text, newline=""))


def header_of(lines: Sequence[str]) -> Header:
    """Return the first record with two names or more: a title and empty lines may stand above it.

    Where no record has two, the first one with a name is meant. Raises `csv.Error` for what is no table.
    """
    headers = list(_headers(lines))
    named = (header for header in headers if len(header.names) > 1)
    return next(named, headers[0] if headers else Header((), ",", 0, 0))


def records(lines: Sequence[str], header: Header) -> Iterator[tuple[int, int, list[str]]]:
    """Yield every record below the header with the lines it goes from and to; lines of nothing give none.

    Raises `csv.Error` at the first that is none.
    """
    table = csv.reader(lines[header.last :], delimiter=header.divider, strict=True)
    last = header.last
    for cells in table:
        first, last = last, header.last + table.line_num
        if any(cell.strip() for cell in cells):
            yield first, last, cells


def _headers(lines: Sequence[str]) -> Iterator[Header]:
    """Yield the records that may name the columns, up to the first one with two names."""
    place = 0
    while place < len(lines):
        divider = max(_DIVIDERS, key=lines[place].count)
        rest = map(lines.__getitem__, range(place, len(lines)))  # a copy for each line would take minutes
        table = csv.reader(rest, delimiter=divider, strict=True)
        cells = next(table, [])
        first, place = place, place + max(table.line_num, 1)
        n_named = sum(bool(cell.strip()) for cell in cells)
        if n_named:
            yield Header(_named(cells) if n_named > 1 else (cells[0],), divider, first, place)
        if n_named > 1:
            return


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell if cell.strip() else f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)
