"""Rows with the place they stand at, the broken ones among them: what a person mends by hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from lorewright.datasets.rows import Row, find_example_files, rows
from lorewright.errors import InvalidExamples

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Placed(Generic[Value]):
    """A row of a file: its line or item `number`, what it holds, and what it means.

    The rows of a second sheet are counted on from the last one of the first.

    `value` is `None` for a row that cannot be used; `error` and `hint` say why. `row` is `None` where
    not even its fields can be read. `file` is the path below the folder that was read.
    """

    file: str
    number: int
    row: Row | None
    value: Value | None
    error: str = ""
    hint: str = ""


def placed_rows(place: Path, read: Callable[[Row], Value]) -> Iterator[Placed[Value]]:
    """Yield every row in a file or a folder, in order; `read` says what a row means, or raises."""
    for path in find_example_files(place):
        file = path.name if path == place else path.relative_to(place).as_posix()
        broken: list[InvalidExamples] = []
        before = last = 0
        for where, row in rows(path, broken.append):
            yield from _broken(file, path, broken)
            number = _number(path, where)
            if before + number <= last:  # another sheet
                before = last
            last = before + number
            try:
                yield Placed(file, last, row, read(row))
            except InvalidExamples as error:
                yield Placed(file, last, row, None, str(error), error.hint)
        yield from _broken(file, path, broken)


def _broken(file: str, path: Path, errors: list[InvalidExamples]) -> Iterator[Placed[Value]]:
    """Yield the rows that could not be read since the last call."""
    for error in errors:
        number = _number(path, str(error))
        reason = str(error).partition(": ")[2] if number else str(error)
        yield Placed(file, number, None, None, reason, error.hint)
    errors.clear()


def _number(path: Path, place: str) -> int:
    """Return the line or item in a place such as "faq.jsonl, line 734"; 0 where a whole file is meant."""
    match = re.match(rf"{re.escape(path.name)}, (?:line|item|row|sheet .*, row) (\d+)", place)
    return int(match[1]) if match else 0
