"""Where the names of a table's columns stand: one finder for the tables of every format."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Row = Sequence[str]
Sort = Literal["", "number", "date", "code", "sign", "text"]
"""What a cell looks like; '' for an empty one."""

_MAX_HEADER_ROWS = 4
_FACT = 2
"""Cells of a fact: what is told, and its value."""
_TYPED_SHARE = 0.6
_LINE_SHARE = 0.6
"""A row that fills a smaller share of the usual number of cells, from the left, is a line of text."""
_SAMPLE_ROWS = 200

_DATE = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T]\d.*)?|\d{4}-\d\d"
    r"|\d{1,2}:\d\d(?::\d\d)?|\d{1,2}\.? \w{3,9}\.? \d{4}"
)
_NUMBER = re.compile(
    r"[-+\u2212(<>~\u2264\u2265]?\s?(?:[$€£¥]|[A-Z]{3}\s)?\s?\d.*|n/?a|nan|null", re.IGNORECASE
)
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S+")
_SIGN = re.compile(r"yes|no|true|false|ja|nein|oui|non|[xX✓✗✔✘\u2013-]", re.IGNORECASE)
_RANGE = re.compile(r"\D{0,12}\d[\d.,]*\s?(?:[-\u2013+]|to\b|bis\b).*[^\W\d_]{3,}.*", re.IGNORECASE)
"""A span with words behind it, such as "1-9 pieces": it names a column."""
_YEAR = re.compile(r"(?:19|20)\d\d|(?:FY|CY)\s?\d\d(?:\d\d)?", re.IGNORECASE)

_MONTH = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d{1,2}[./]\d{4}")
_COUNT = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Columns:
    """A table in its parts: lines above it, the names of its columns, its rows, lines below it.

    `names` is empty where the table names none.
    """

    above: tuple[Row, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    below: tuple[Row, ...]


def find_columns(rows: Sequence[Row], *, n_header_rows: int | None = None) -> Columns:
    """Return the parts of a table given as rows of cells without empty rows.

    `n_header_rows` is given where the format says how many rows of names there are.
    """
    usual = usual_width(rows)
    first, last = 0, len(rows)
    while first < last - 1 and _is_line(rows, first, usual):
        first += 1
    body = rows[first:]
    n_names = count_header_rows(body) if n_header_rows is None else max(n_header_rows - first, 0)
    while last > first + n_names + 1 and _is_note(rows[last - 1], usual, body):
        last -= 1
    return Columns(
        tuple(rows[:first]),
        _joined(rows[first : first + n_names]),
        tuple(rows[first + n_names : last]),
        tuple(rows[last:]),
    )


def count_header_rows(rows: Sequence[Row]) -> int:
    """Return how many rows at the top of a table name its columns; 0 where none does."""
    if len(rows) < 2:
        return int(bool(rows) and not any(_sort(cell) in ("number", "date") for cell in rows[0]))
    n_rows = int(_counts_up(rows, 0) or _votes(rows, 0) >= 0)
    while 0 < n_rows < min(len(rows) - 1, _MAX_HEADER_ROWS) and _names_further(rows, n_rows):
        n_rows += 1
    return n_rows


def are_facts(rows: Sequence[Row]) -> bool:
    """Return whether rows are facts, each with its own name: two cells, with values of several sorts."""
    if max(map(len, rows), default=0) != _FACT or len(rows) < _FACT:
        return False
    first, *others = (_sort(row[-1]) for row in rows if len(row) == _FACT)
    return first in ("number", "date") or len(set(filter(None, others))) > 1


def continues(rows: Sequence[Row], before: Columns) -> bool:
    """Return whether rows go on with a table that began further up, rather than begin with names."""
    if not rows or not before.rows or max(map(len, rows)) != max(map(len, before.rows)):
        return False
    if _plain(rows[0]) == _plain(before.names):
        return False
    return _votes([rows[0], *before.rows[:_SAMPLE_ROWS]], 0) <= 0


def usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells of a row are usually filled."""
    counts = Counter(n for n in map(_n_filled, rows[:5000]) if n > 1)
    return max(counts, key=lambda n: (counts[n] * n, n), default=1)


def is_all_lines(rows: Sequence[Row], usual: int) -> bool:
    """Return whether rows are lines of text beside a table whose rows fill `usual` cells."""
    return usual > 2 and all(_fills_left(row) and _n_filled(row) < _LINE_SHARE * usual for row in rows)


def _n_filled(row: Row) -> int:
    return sum(map(bool, map(str.strip, row)))


def _fills_left(row: Row) -> bool:
    """Return whether the filled cells are the first ones."""
    n_filled = _n_filled(row)
    return all(cell.strip() for cell in row[:n_filled])


def _is_line(rows: Sequence[Row], place: int, usual: int) -> bool:
    """Return whether a row above a table is a line of text, such as a title or a name with its value."""
    row = rows[place]
    n_filled = _n_filled(row)
    if usual < 2 or n_filled >= usual:
        return False
    if n_filled == 1:
        return not _spreads(row, rows[place + 1])
    following = rows[place + 1]
    is_over_parts = not following[0].strip() and _n_filled(following) > n_filled
    return _fills_left(row) and n_filled < _LINE_SHARE * usual and not is_over_parts


def _spreads(row: Row, following: Row) -> bool:
    """Return whether a single cell stands over several named columns: not the first, and not alone below."""
    return bool(not row[0].strip() and not following[0].strip() and _n_filled(following) > 1)


def _is_note(row: Row, usual: int, body: Sequence[Row]) -> bool:
    """Return whether a row below a table is a line of text: a total stays in the table."""
    if usual < 2 or not _fills_left(row) or _n_filled(row) >= max(_LINE_SHARE * usual, 1.5):
        return False
    typed = _typed_columns(body[1:])
    return not any(cell.strip() and _sort(cell) == typed.get(place) for place, cell in enumerate(row))


def _names_further(rows: Sequence[Row], place: int) -> bool:
    """Return whether a row below names of columns holds names too: those above were groups, or lack units."""
    width = max(len(rows[place - 1]), len(rows[place]))
    upper, lower = (
        [cell.strip() for cell in (*row, *[""] * width)][:width] for row in rows[place - 1 : place + 1]
    )
    is_grouped = any(below and not above for above, below in zip(upper, lower, strict=True))
    lacks_first = bool(upper[0]) and not lower[0]
    if not lower[0] and place + 1 < len(rows) and _counts_up(rows, place):
        return True
    if any(_sort(cell) in ("number", "date") and not _names_span(cell) for cell in lower):
        return False
    typed = [column for column in _typed_columns(rows[place + 1 :]) if column < width]
    if not typed:
        return is_grouped and not lower[0]
    n_named = sum(bool(lower[column]) for column in typed)
    repeats = len(set(filter(None, upper))) < len(list(filter(None, upper)))
    is_named = n_named == len(typed) or (n_named > 0 and lacks_first)
    return is_named and _votes(rows, place) > 0 and (is_grouped or repeats or lacks_first)


def _names_span(cell: str) -> bool:
    """Return whether a cell that begins with a number may name a column: a year, or a range of something."""
    return bool(_YEAR.fullmatch(cell) or _RANGE.fullmatch(cell))


def _votes(rows: Sequence[Row], place: int) -> int:
    """Return how many columns say that this row names them, less those that say it is a value.

    A column speaks where its cells below look alike: as numbers, dates, codes or a few words again and again.
    """
    row, below = rows[place], rows[place + 1 : place + 1 + _SAMPLE_ROWS]
    votes = 0
    typed = _typed_columns(below)
    for column, cell in enumerate(row):
        sort = _sort(cell)
        values = [other[column].strip() for other in below if column < len(other) and other[column].strip()]
        if not sort:
            continue
        if column in typed:
            votes += -1 if sort == typed[column] else 1
        elif len(values) > 3 and len(set(values)) <= len(values) / 2:
            votes += -1 if cell.strip() in values else 1
        elif sort == "text" and len(cell) > 80:
            votes -= 1
    return votes


def _typed_columns(rows: Sequence[Row]) -> dict[int, Sort]:
    """Return the columns whose cells mostly look alike and are no text, with what they look like."""
    typed: dict[int, Sort] = {}
    for column in range(max(map(len, rows), default=0)):
        sorts = Counter(_sort(row[column]) for row in rows[:_SAMPLE_ROWS] if column < len(row))
        del sorts[""]
        if sorts:
            sort, n = sorts.most_common(1)[0]
            if sort != "text" and n >= _TYPED_SHARE * sorts.total():
                typed[column] = sort
    return typed


def _sort(cell: str) -> Sort:
    text = cell.strip()
    if not text:
        return ""
    if _SIGN.fullmatch(text):
        return "sign"
    if _DATE.fullmatch(text):
        return "date"
    if _NUMBER.fullmatch(text) and len(text) < 40:
        return "number"
    return "code" if _CODE.fullmatch(text) else "text"


def _counts_up(rows: Sequence[Row], place: int) -> bool:
    """Return whether a row counts and the next does not go on with it."""
    return _sequence(rows[place]) != "" and _sequence(rows[place]) != _sequence(rows[place + 1])


def _sequence(row: Row) -> str:
    """Return what a row counts, maybe after a name: years, months, numbers in even steps; '' for none."""
    has_name = bool(row) and _sort(row[0]) in ("text", "code", "")
    cells = [cell.strip() for cell in row[has_name:] if cell.strip()]
    if len(cells) < 2 or len(set(cells)) < len(cells):
        return ""
    if all(_YEAR.fullmatch(cell) for cell in cells):
        return "years"
    if all(_MONTH.fullmatch(cell) for cell in cells):
        return "months"
    if len(cells) < 3 or not all(_COUNT.fullmatch(cell) for cell in cells):
        return ""
    steps = {int(after) - int(before) for before, after in pairwise(cells)}
    return "numbers" if len(steps) == 1 and steps.pop() > 0 else ""


def _joined(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return one name per column: the names of groups stand before those of their columns."""
    if not rows:
        return ()
    width = max(map(len, rows))
    levels = [[" ".join(cell.split()) for cell in (*row, *[""] * (width - len(row)))] for row in rows]
    for upper, lower in pairwise(levels):
        for column in range(1, width):
            if not upper[column] and lower[column] and upper[column - 1] and column > 1:
                upper[column] = upper[column - 1]
    return tuple(" / ".join(dict.fromkeys(filter(None, names))) for names in zip(*levels, strict=True))


def _plain(row: Row) -> list[str]:
    return [" ".join(cell.split()).casefold() for cell in row]
