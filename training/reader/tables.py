"""Documents with tables and lists of facts, made up here, each with questions and the cell that answers."""

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from training.reader.sets import Asked

from lorewright.documents import Document

Value = Callable[[random.Random], str]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, how a value is made, and questions about it; `{row}` is the row's name."""

    header: str
    value: Value
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that tables list: the header of its names, their parts, and columns that fit."""

    title: str
    header: str
    names: tuple[str, ...]
    endings: tuple[str, ...]
    columns: tuple[str, ...]


def _money(draw: random.Random) -> str:
    amount = draw.choice((draw.randrange(3, 99), draw.randrange(100, 2500, 5), draw.randrange(5, 400) + 0.5))
    text = f"{amount:.2f}" if isinstance(amount, float) else f"{amount:,}"
    return draw.choice((f"${text}", f"€{text}", f"{text} EUR", f"£{text}", f"CHF {text}", f"{text} USD"))


def _date(draw: random.Random) -> str:
    day, month, year = draw.randrange(1, 29), draw.randrange(12), draw.randrange(1994, 2031)
    iso, named = f"{year}-{month + 1:02}-{day:02}", f"{MONTHS[month]} {year}"
    return draw.choice((f"{day} {named}", iso, named, str(year)))


def _hours(draw: random.Random) -> str:
    begin, end = draw.randrange(7, 11), draw.randrange(15, 23)
    return draw.choice((f"{begin}:00 to {end}:30", f"{begin} am to {end - 12} pm", f"{begin:02}:30-{end}:00"))


def _code(draw: random.Random) -> str:
    letters = "".join(draw.choice("ABCDEFGHKLMNPRSTVX") for _ in range(draw.randrange(1, 4)))
    return f"{letters}{draw.choice(('-', '', ' '))}{draw.randrange(10, 9999)}"


def _version(draw: random.Random) -> str:
    return ".".join(str(draw.randrange(20)) for _ in range(draw.choice((2, 2, 3))))


def _picked(values: Sequence[str], draw: random.Random) -> str:
    return draw.choice(values)


def _counted(low: int, high: int, step: int, unit: str, draw: random.Random) -> str:
    return f"{draw.randrange(low, high + 1, step)}{unit}"


NAMED: Mapping[str, Value] = {
    "money": _money,
    "date": _date,
    "hours": _hours,
    "code": _code,
    "version": _version,
    "person": partial(_picked, WORDS["people"]),
    "place": partial(_picked, WORDS["places"]),
}


def _value(given: Any) -> Value:
    if isinstance(given, str):
        return NAMED[given]
    if isinstance(given, list):
        return partial(_picked, given)
    return partial(_counted, given["low"], given["high"], given.get("step", 1), given.get("unit", ""))


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    sought: tuple(Column(one["header"], _value(one["value"]), tuple(one["questions"])) for one in columns)
    for sought, columns in WORDS["columns"].items()
}
"""By what is asked for: columns of that kind under different headers."""
KINDS = tuple(
    Kind(one["title"], one["header"], tuple(one["names"]), tuple(one["endings"]), tuple(one["columns"]))
    for one in WORDS["kinds"]
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the header of the names and of the columns, and the cells by row and column."""

    kind: Kind
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]


def tables(n: int, *, seed: int) -> Iterator[tuple[Document, list[Asked]]]:
    """Yield `n` documents with a table, a list or sentences of facts, and questions about its cells."""
    draw = random.Random(seed)
    for number in range(n):
        table = _table(draw)
        form = draw.choice(FORMS)
        title = (
            f"{table.kind.title.capitalize()} {draw.choice(('', 'overview', 'list', '2026', 'at a glance'))}"
        )
        document = Document(f"table-{seed}-{number}", title.strip(), form(table, draw))
        yield document, _questions(table, document, draw)


def _table(draw: random.Random) -> Table:
    kind = draw.choice(KINDS)
    stems = draw.sample(kind.names, min(len(kind.names), draw.choice((1, 2, 2, 3))))
    names = [f"{stem}{ending}" for stem in stems for ending in kind.endings]
    names = draw.sample(names, min(len(names), draw.randrange(2, 8)))
    groups = draw.sample(kind.columns, min(len(kind.columns), draw.randrange(1, 6)))
    columns = tuple(draw.choice(COLUMNS[group]) for group in groups)
    cells = tuple(tuple(column.value(draw) for column in columns) for _ in names)
    return Table(kind, tuple(names), columns, cells)


def _as_table(table: Table, __draw: random.Random) -> str:
    rows = [
        (table.kind.header, *(column.header for column in table.columns)),
        ("---",) * (len(table.columns) + 1),
        *((name, *cells) for name, cells in zip(table.names, table.cells, strict=True)),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _as_list(table: Table, draw: random.Random) -> str:
    between, after = draw.choice((", ", "; ")), draw.choice((" ", ": "))
    lines = []
    for at, name in enumerate(table.names):
        facts = [f"{column.header.lower()}{after}{cell}" for column, cell in _pairs(table, at)]
        lines.append(f"- {name}: {between.join(facts)}")
    return "\n".join(lines)


def _as_sections(table: Table, _draw: random.Random) -> str:
    return "\n\n".join(
        f"## {name}\n\n" + "\n".join(f"{column.header}: {cell}  " for column, cell in _pairs(table, at))
        for at, name in enumerate(table.names)
    )


def _as_sentences(table: Table, draw: random.Random) -> str:
    verb = draw.choice(("is", "of {name} is"))
    lines = []
    for at, name in enumerate(table.names):
        facts = [
            f"the {column.header.lower()} {verb.format(name=name)} {cell}"
            for column, cell in _pairs(table, at)
        ]
        lines.append(
            f"For {name} {' and '.join(facts)}." if verb == "is" else f"{_upper(' and '.join(facts))}."
        )
    return " ".join(lines)


FORMS = (_as_table, _as_table, _as_table, _as_list, _as_sections, _as_sentences)


def _pairs(table: Table, at: int) -> Iterator[tuple[Column, str]]:
    return zip(table.columns, table.cells[at], strict=True)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _questions(table: Table, document: Document, draw: random.Random) -> list[Asked]:
    """Return a question about a few of the cells, and about whose cell a value is, where one row has it."""
    places = [(at, nth) for at in range(len(table.names)) for nth in range(len(table.columns))]
    asked = []
    for at, nth in draw.sample(places, min(len(places), 6)):
        column, cell, name = table.columns[nth], table.cells[at][nth], table.names[at]
        row = draw.choice((name, name, f"the {name}")) if table.kind.header != "Error" else name
        general = f"What is the {column.header.lower()} of {row}?"
        text = draw.choice((*column.questions, general)).format(row=row)
        answer = cell
        values = [cells[nth] for cells in table.cells]
        if values.count(cell) == 1 and draw.random() < 0.15:
            text = f"Which {table.kind.header.lower()} has the {column.header.lower()} {cell}?"
            answer = name
        start = _place(document.text, name, answer, is_name=answer == name)
        if start >= 0:
            asked.append(
                Asked(
                    set_name="tables",
                    question=text,
                    document_id=document.id,
                    answers=(answer,),
                    start=start,
                    is_alone=True,
                )
            )
    return asked


def _place(text: str, name: str, answer: str, *, is_name: bool) -> int:
    """Return where an answer about a row begins: behind the row's name."""
    for mark in (f"| {name} |", f"- {name}:", f"## {name}\n", f"For {name} ", f"of {name} is"):
        if (begin := text.find(mark)) >= 0:
            return text.find(name, begin) if is_name else text.find(answer, begin + len(mark) - 3)
    return -1
