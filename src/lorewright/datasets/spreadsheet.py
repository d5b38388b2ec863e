"""Rows of a spreadsheet: every sheet with a line of column names and lines below it."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lorewright.errors import InvalidExamples

SPREADSHEETS = (".xlsx", ".xlsm")
_MOST_BYTES = 2 * 1024**3
"""Unpacked: a small file may hold a table of many gigabytes."""


def spreadsheet_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row with its place, such as "faq.xlsx, sheet FAQ, row 3".

    The first line of a sheet with two names or more says what the columns mean. Formulas count as what
    they last came to, dates as text. Raises `InvalidExamples` for a file that cannot be opened.
    """
    from openpyxl import load_workbook  # loaded for these files alone

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
                raise _unreadable(path, "it holds more than 2 GB")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise _unreadable(path, str(error)) from error
    try:
        for sheet in book.worksheets:
            yield from _of_sheet(f"{path.name}, sheet {sheet.title}", sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _of_sheet(place: str, lines: Iterator[Sequence[object]]) -> Iterator[tuple[str, dict[str, Any]]]:
    names: list[str] = []
    for number, line in enumerate(lines, start=1):
        cells = [_cell(value) for value in line]
        if not names:
            header = [str(cell).strip() if cell is not None else "" for cell in cells]
            names = header if sum(map(bool, header)) > 1 else []
            continue
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell is not None}
        if row:
            yield f"{place}, row {number}", {**dict.fromkeys(filter(None, names), ""), **row}


def _cell(value: object) -> Any:
    """Return a cell as JSON holds it: whole numbers without a point, dates as text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return json.loads(json.dumps(value, default=str))


def _unreadable(path: Path, why: str) -> InvalidExamples:
    return InvalidExamples(
        f"{path.name} is not a readable spreadsheet ({why}).", hint="Export it as .csv in UTF-8."
    )
