"""Rows to Markdown: a table where rows are short, records where cells hold whole texts."""

from collections.abc import Iterable, Iterator, Sequence

from lorewright.documents.columns import (
    Columns,
    Row,
    continues,
    find_columns,
    is_all_lines,
    usual_width,
)

_MAX_ROW_CHARS = 300


def table(names: Row, rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table; without names its header is empty."""
    width = max(map(len, (names, *rows)), default=0)
    lines = [_line(row, width) for row in (names, *rows)]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]]) if width else ""


def rows_as_markdown(rows: Sequence[Row], *, n_header_rows: int | None = None) -> str:
    """Return rows as they come out of a file: tables, and the lines above, between and below them.

    The names of the columns are found, unless `n_header_rows` says how many rows hold them. Empty rows
    part tables, but rows that go on with the table before stay in it.
    """
    return "\n\n".join(_blocks(rows, n_header_rows))


def _blocks(rows: Sequence[Row], n_header_rows: int | None) -> Iterator[str]:
    usual = usual_width(rows)
    before: Columns | None = None
    for part in _parts(rows):
        if is_all_lines(part, usual):
            if before:
                yield from _table_blocks(before)
                before = None
            yield _lines(part)
            continue
        if before and continues(part, before):
            rest = find_columns([before.names, *part], n_header_rows=1)
            before = Columns(before.above, before.names, (*before.rows, *rest.rows), rest.below)
            continue
        if before:
            yield from _table_blocks(before)
        before = find_columns(part, n_header_rows=n_header_rows)
        n_header_rows = None  # said of the first table
    if before:
        yield from _table_blocks(before)


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the stretches of rows between empty ones."""
    part: list[Row] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            part.append(row)
        elif part:
            yield part
            part = []
    if part:
        yield part


def _table_blocks(columns: Columns) -> Iterator[str]:
    if columns.above:
        yield _lines(columns.above)
    yield table_or_records(columns.names, columns.rows)
    if columns.below:
        yield _lines(columns.below)


def _lines(rows: Iterable[Row]) -> str:
    """Return rows that are no table as lines of text."""
    return "\n".join(_as_line([" ".join(cell.split()) for cell in row if cell.strip()]) for row in rows)


def _as_line(cells: Sequence[str]) -> str:
    cells = [cells[0].lstrip("# "), *cells[1:]]  # a comment is no heading
    if len(cells) == 2 and not cells[0].endswith((":", ".", "=")):
        return f"{cells[0]}: {cells[1]}"
    return " ".join(cells)


def table_or_records(names: Row, rows: Sequence[Row]) -> str:
    """Return rows as a table, or as records where the average row is too long to be read as one."""
    n_characters = sum(len(cell) for row in rows for cell in row)
    if n_characters <= _MAX_ROW_CHARS * len(rows) or not names:
        return table(names, rows)
    return "\n\n".join(_record(names, row) for row in rows)


def _record(names: Row, row: Row) -> str:
    """Return a row as lines of `name: value`."""
    return "\n".join(_entry(name, value) for name, value in zip(names, row, strict=False) if value)


def _line(row: Row, width: int) -> str:
    cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
    return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"


def _entry(name: str, value: str) -> str:
    value = value.strip()
    return f"{name}:\n{value}" if "\n" in value else f"{name}: {value}"
