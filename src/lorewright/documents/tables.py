"""Rows to Markdown: a table where rows are short, records where cells hold whole texts."""

from collections.abc import Iterable, Mapping, Sequence

_MAX_ROW_CHARS = 300


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table; the first one names the columns."""
    width = max(map(len, rows), default=0)
    lines = [_line(row, width) for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]]) if width else ""


def table_or_records(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a table, or as records where the average row is too long to be read as one."""
    names, *others = rows or [[]]
    n_characters = sum(len(cell) for row in others for cell in row)
    if n_characters <= _MAX_ROW_CHARS * len(others):
        return table(rows)
    return records(dict(zip(names, row, strict=False)) for row in others)


def records(rows: Iterable[Mapping[str, str]]) -> str:
    """Return every row as lines of `name: value`, with an empty line between rows."""
    return "\n\n".join("\n".join(_entry(name, value) for name, value in row.items() if value) for row in rows)


def _line(row: Sequence[str], width: int) -> str:
    cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
    return "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"


def _entry(name: str, value: str) -> str:
    value = value.strip()
    return f"{name}:\n{value}" if "\n" in value else f"{name}: {value}"
