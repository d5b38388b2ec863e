"""A file of rows with one of them changed or gone; every other row keeps its bytes where that can be."""

import csv
import json
from collections.abc import Sequence
from io import StringIO

from lorewright.datasets.csv_rows import header_of, lines_of, records
from lorewright.datasets.json_items import is_over_lines, items_in
from lorewright.datasets.rows import Row, short
from lorewright.errors import InvalidExamples

_MARK = "\ufeff"  # some programs begin a text with it

Change = Row | str | None
"""The fields of a row, its text as it stands in the file, or `None` to take it out."""


def row_text(content: str, kind: str, number: int) -> str:
    """Return a row as it stands in a file of this kind (.jsonl, .json, .csv, .tsv)."""
    text = content.removeprefix(_MARK)
    if _is_items(text, kind):
        return json.dumps(items_in(text).items[number - 1], ensure_ascii=False, indent=2)
    lines, first, last = _place(text, kind, number)
    return "".join(lines[first:last]).rstrip("\r\n")


def with_row(content: str, kind: str, number: int, change: Change) -> str:
    """Return the content of a file with the row at a line or item `number` changed.

    Raises `InvalidExamples` where the file has no such row, or cannot hold these fields.
    """
    mark = _MARK if content.startswith(_MARK) else ""
    text = content.removeprefix(_MARK)
    return mark + (
        _in_list(text, number, change) if _is_items(text, kind) else _in_lines(text, kind, number, change)
    )


def _is_items(text: str, kind: str) -> bool:
    return kind == ".json" or (kind == ".jsonl" and is_over_lines(text))


def _in_list(text: str, number: int, change: Change) -> str:
    listed = items_in(text)
    if not 0 < number <= len(listed.items):
        raise _no_row(number)
    new = json.loads(change) if isinstance(change, str) else change
    return listed.text_with(number, [] if change is None else [new])


def _in_lines(text: str, kind: str, number: int, change: Change) -> str:
    lines, first, last = _place(text, kind, number)
    new = change
    if isinstance(new, dict):
        new = json.dumps(new, ensure_ascii=False) if kind == ".jsonl" else _record(lines, new)
    if new is None:
        lines[first:last] = []
    else:
        end = lines[last - 1][len(lines[last - 1].rstrip("\r\n")) :] or "\n"
        if kind == ".jsonl" and "\n" in new.strip("\r\n"):
            raise InvalidExamples("a row of a .jsonl file must be one line.", hint="Remove the line breaks.")
        lines[first:last] = [new.rstrip("\r\n") + end]
    return "".join(lines)


def _place(text: str, kind: str, number: int) -> tuple[list[str], int, int]:
    """Return the lines of a text, and from which to which of them a row goes."""
    if kind == ".jsonl":
        lines = text.split("\n")
        lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
        if not 0 < number <= len(lines):
            raise _no_row(number)
        return lines, number - 1, number
    lines, last = lines_of(text), 0
    try:
        for first, last, _ in records(lines, header_of(lines)):
            if last == number:
                return lines, first, last
    except csv.Error as error:  # the rest of the file is this one row
        if last + 1 == number:
            return lines, last, len(lines)
        raise InvalidExamples(f"line {last + 1} is not valid CSV ({error}).") from error
    raise _no_row(number)


def _record(lines: Sequence[str], row: Row) -> str:
    header = header_of(lines)
    unknown = [name for name in row if name not in header.names]
    if unknown:
        raise InvalidExamples(
            f"the file has no column {short(unknown[0])}.",
            hint=f"Available columns: {', '.join(header.names)}.",
        )
    written = StringIO(newline="")
    csv.writer(written, delimiter=header.divider).writerow([_cell(row.get(name)) for name in header.names])
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _no_row(number: int) -> InvalidExamples:
    return InvalidExamples(f"the file no longer has a row {number}.", hint="Reload the page.")
