"""Files of examples to rows: every row with the place it stands at."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lorewright.datasets.csv_rows import header_of, lines_of, records
from lorewright.datasets.json_items import is_over_lines, items_in
from lorewright.datasets.spreadsheet import SPREADSHEETS, spreadsheet_rows
from lorewright.encoding import decode
from lorewright.errors import InvalidExamples, UnreadableDocument
from lorewright.json_text import read_json

KINDS = (".jsonl", ".json", ".csv", ".tsv")
PARQUET = ".parquet"
READ_ONLY = (PARQUET, *SPREADSHEETS)
"""Read like the others, but their rows are not changed in place: other programs keep more in them."""
READ = (*KINDS, *READ_ONLY)
_TEMPORARY = (".", "~$")
"""How the names of files begin that programs hide, such as Office's for a file that is open."""
LIMIT_BYTES = 512 * 1024 * 1024

Row = dict[str, Any]
OnBadLine = Callable[[InvalidExamples], None]


def refuse(error: InvalidExamples) -> None:
    """Stop at the first bad line."""
    raise error


def find_example_files(place: Path) -> list[Path]:
    """Return the files to read: the file itself, or what a folder holds at any depth, sorted.

    A folder that does not exist holds none; hidden and temporary files are left alone.
    """
    if place.is_file():
        return [place]
    paths = (path for path in place.rglob("*") if path.suffix.lower() in READ and path.is_file())
    return sorted(path for path in paths if not path.name.startswith(_TEMPORARY))


def find_unread_files(place: Path) -> list[str]:
    """Return the files of a folder that are not read from it, by their path below it."""
    paths = (path for path in place.rglob("*") if path.is_file() and path.suffix.lower() not in READ)
    return sorted(
        path.relative_to(place).as_posix()
        for path in paths
        if not path.name.startswith((*_TEMPORARY, "README"))
    )


def rows(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, Row]]:
    """Yield every row with its place, such as "faq.jsonl, line 734".

    A row that cannot be understood goes to `on_bad_line`, and is left out if that returns.
    """
    size_bytes = path.stat().st_size
    if size_bytes > LIMIT_BYTES:
        on_bad_line(
            InvalidExamples(
                f"{path.name} has {size_bytes:,} bytes; the limit is {LIMIT_BYTES:,}.",
                hint="Split the file, or use a part of it: a few thousand examples are enough.",
            )
        )
        return
    for place, row in _raw_rows(path, on_bad_line):
        if isinstance(row, dict):
            yield place, row
        else:
            on_bad_line(
                InvalidExamples(
                    f"{place}: {short(row)} is not a JSON object.",
                    hint='Every row must look like {"prompt": "…", "completion": "…"} or {"messages": […]}.',
                )
            )


def short(value: object) -> str:
    """Return a value as it may stand in an error message: 60 characters at most."""
    text = value if isinstance(value, str) else repr(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _raw_rows(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, object]]:
    kind = path.suffix.lower()
    if kind == ".jsonl":
        yield from (_items if _is_over_lines(path) else _lines)(path, on_bad_line)
    elif kind == PARQUET:
        yield from _parquet(path, on_bad_line)
    elif kind in SPREADSHEETS:
        try:
            yield from spreadsheet_rows(path)
        except InvalidExamples as error:
            on_bad_line(error)
    elif kind == ".json":
        yield from _items(path, on_bad_line)
    else:
        yield from _table(path, on_bad_line)


def _is_over_lines(path: Path) -> bool:
    """Return whether a file of lines holds a list instead, or values of many lines."""
    with path.open("rb") as file:
        first = next((line for line in file if line.strip()), b"")
        beginning = first.decode("utf-8-sig", "replace").strip()
        if beginning.startswith("[") or beginning == "{":
            return is_over_lines((first + file.read()).decode("utf-8-sig", "replace"))
    return False


def _items(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, object]]:
    for whole in _parsed(path.read_bytes(), path.name, on_bad_line, items_in):
        yield from ((f"{path.name}, item {n}", row) for n, row in enumerate(whole.items, 1))


def _lines(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, object]]:
    with path.open("rb") as file:
        for n, line in enumerate(file, 1):
            place = f"{path.name}, line {n}"
            if line.strip():
                yield from ((place, row) for row in _parsed(line, place, on_bad_line))


def _parsed(
    content: bytes, place: str, on_bad_line: OnBadLine, read: Callable[[str], Any] = read_json
) -> list[Any]:
    """Return what the bytes hold, or nothing after telling why it is not JSON."""
    try:
        return [read(content.decode("utf-8-sig"))]
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 ({error.reason} at byte {error.start})"
    except ValueError as error:
        reason = f"is not valid JSON ({error})"
    excerpt = short(content.decode("utf-8", "replace").strip())
    on_bad_line(InvalidExamples(f"{place}: {excerpt} {reason}.", hint="Fix or delete that line."))
    return []


def _parquet(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, object]]:
    """Yield the rows of a Parquet file; dates and other values that JSON lacks are texts."""
    import pyarrow  # loaded for these files alone
    from pyarrow.parquet import ParquetFile

    try:
        batches = ParquetFile(path).iter_batches(batch_size=1000)
        numbered = enumerate((row for batch in batches for row in batch.to_pylist()), 1)
        for n, row in numbered:
            yield f"{path.name}, row {n}", json.loads(json.dumps(row, default=str))
    except (pyarrow.ArrowException, OSError) as error:
        reason = f"{path.name} is not a readable Parquet file ({error})."
        on_bad_line(InvalidExamples(reason, hint="Export it again, or as .jsonl."))


def _table(path: Path, on_bad_line: OnBadLine) -> Iterator[tuple[str, object]]:
    """Yield the rows below the column names of a table, in whatever encoding it is."""
    try:
        lines = lines_of(decode(path.read_bytes()).removeprefix("\ufeff"))
    except UnreadableDocument as error:
        on_bad_line(InvalidExamples(f"{path.name} is no text: {error}.", hint="Save it as CSV in UTF-8."))
        return
    last = 0
    try:
        header = header_of(lines)
        for _, last, cells in records(lines, header):
            place = f"{path.name}, line {last}"
            if len(cells) == len(header.names):
                yield place, dict(zip(header.names, cells, strict=True))
            else:
                reason = f"{place}: {len(cells)} cells, but {len(header.names)} column names."
                on_bad_line(InvalidExamples(reason, hint='Put "…" around cells that contain the delimiter.'))
    except csv.Error as error:
        reason = f"{path.name}, line {last + 1}: not valid CSV ({error})."
        on_bad_line(InvalidExamples(reason, hint="Fix that line; the lines below it were skipped."))
