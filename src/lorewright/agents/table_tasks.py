"""Tasks that a query over one table answers: totals, means, counts, the largest, and rows of a kind.

A query is made only where every word of the task has its place: a column, a cell, the document, a month.
With a word left over, the answer would be of more rows than were asked about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.agents.decompose import MOST_CHARACTERS
from lorewright.agents.numbers import unit_of, with_unit
from lorewright.agents.passages import Passage, Result
from lorewright.agents.tools.tables import Table, is_number, tables_in
from lorewright.agents.values import words_of, words_of_place
from lorewright.knowledge.dates import dates_in
from lorewright.knowledge.words import content_words, root, stem

Aggregate = Literal["share", "sum", "avg", "count", "max", "min", "list"]

_FORMS: tuple[tuple[Aggregate, str], ...] = (
    ("share", r"(?:share|percent(?:age)?|proportion|anteil|prozent)\b[^?]*\b(?:total|overall|all|whole"
              r"|gesamt\w*|aller)"),
    ("max", r"most expensive|highest|largest|biggest|longest|heaviest|maximum|(?<!at )most(?! of| recent)"
            r"|teuerste[nrs]?|höchste[nrs]?|größte[nrs]?|meisten?"),
    ("min", r"cheapest|least expensive|fewest|(?<!at )least|lowest|smallest|shortest|lightest|minimum"
            r"|billigste[nrs]?|günstigste[nrs]?|niedrigste[nrs]?|kleinste[nrs]?"),
    ("avg", r"average|(?:the|arithmetic) mean|durchschnitt\w*"),
    ("sum", r"total|sum|altogether|combined|add up|insgesamt|summe|gesamt\w*"),
    ("count", r"how many|number of|count|wie viele|anzahl"),
)  # fmt: skip
_LIST = re.compile(r"^\s*(?:list|show|name|give|liste|zeige?|nenne)\b", re.IGNORECASE)
_PATTERNS = tuple((name, re.compile(rf"\b(?:{form})\b", re.IGNORECASE)) for name, form in _FORMS)
_WORDS = """
    per row table sheet spreadsheet list file document entry item value amount all every each much many
    number come came made placed given there show name give count sum total average mean altogether
    combined add least expensive cheapest highest lowest largest smallest biggest longest shortest
    heaviest lightest maximum minimum price high low year month alle aller gesamt insgesamt summe
    anzahl zeige nenne viele durchschnitt durchschnittlich der die das den dem des im am von und ist
    sind war waren share percent percentage proportion come from make account whole overall part most
    fewest anteil prozent meist
"""
_GENERIC = frozenset(root(stem(word)) for word in _WORDS.split())
"""Words that say what is to be done, and not with which rows."""
_MEASURE = {"expensive": "price", "cheapest": "price", "heaviest": "weight", "lightest": "weight"}
_SAID: dict[Aggregate, str] = {
    "share": "share in total",
    "sum": "total",
    "avg": "mean",
    "max": "largest",
    "min": "smallest",
}
_LISTED = re.compile(r"^(?P<name>t\d+) \((?P<columns>.*?)\): (?P<n>\d+) rows", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableTask:
    """A query over one table of a document; `about` says in words which rows and what of them."""

    document: str
    columns: tuple[str, ...]
    before: str
    after: str
    about: str
    unit: str
    passage: Passage
    is_value: bool

    def sql(self, listed: str) -> str:
        """Return the query over the table of a list of tables that has these columns, '' without it."""
        for match in _LISTED.finditer(listed):
            if tuple(match["columns"].split(", ")) == self.columns:
                return f"{self.before} {match['name']}{self.after}"
        return ""


def has_table_form(task: str) -> bool:
    """Return whether a task asks for what a query over a table can give."""
    return _aggregate(task) is not None


def _aggregate(task: str) -> Aggregate | None:
    if len(task) > MOST_CHARACTERS:
        return None
    found = next((name for name, pattern in _PATTERNS if pattern.search(task)), None)
    return found or ("list" if _LIST.search(task) else None)


def queried(table: TableTask, result: Result) -> str:
    """Return what a query gave, with the rows it is about and its places; '' where it gave nothing."""
    if not result.passages:
        return ""
    passage = result.passages[0]
    places = f"[{passage.number}] [{table.passage.number}]"
    found = tables_in(passage.text)
    if not found:
        return ""
    if not table.is_value:
        return f"{table.about}, of {table.document}: {places}\n\n{passage.text}"
    *_, value = found[0].rows[0]
    n_rows = found[0].rows[0][0]
    if n_rows == "0" and len(found[0].columns) > 1:
        return ""
    counted = "" if len(found[0].columns) == 1 else f" ({n_rows} rows)"
    value = value.removesuffix(".0")
    return f"{with_unit(value, table.unit)} {places}\n{table.about}, of {table.document}{counted}"


def table_task(task: str, passages: Sequence[Passage]) -> TableTask | None:
    """Return the query that answers a task from a table that was found, `None` where none does."""
    aggregate = _aggregate(task)
    if aggregate is None:
        return None
    found = [
        (score, -place, made)
        for place, passage in enumerate(passages)
        for table in tables_in(passage.text)
        for score, made in _made(task, aggregate, _joined(table, passage, passages), passage)
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def _joined(table: Table, passage: Passage, passages: Sequence[Passage]) -> Table:
    """Return a table with its rows from all passages of its document."""
    rows = dict.fromkeys(
        row
        for other in passages
        if other.document == passage.document
        for part in tables_in(other.text)
        if part.columns == table.columns
        for row in part.rows
    )
    return Table(table.name, table.columns, tuple(rows))


def _made(
    task: str, aggregate: Aggregate, table: Table, passage: Passage
) -> Iterator[tuple[float, TableTask]]:
    """Yield the query over one table with its score, if every word of the task has a place in it."""
    words = {root(word) for word in content_words(task.replace("_", " "))}
    place = words_of_place(passage.document)
    names = frozenset().union(*(words_of(column) for column in table.columns))
    filters, month = list(_filters(table, words)), _month(task, table)
    if not month.said:
        month = _year(task, table, place)
    taken = frozenset().union(*(words_of(value) for _, value in filters)) | words_of(month.said)
    is_of_rows = aggregate in ("count", "list")
    column = None if is_of_rows else _column(task, table, words - taken)
    if words - taken - place - _GENERIC - names or (column is None and not is_of_rows):
        return
    if aggregate == "share" and not (filters or month.condition):
        return
    if is_of_rows and not (filters or month.condition or words & (place | names)):
        return
    conditions = [f'lower("{name}") = lower({_quoted(value)})' for name, value in filters]
    where = " AND ".join(one for one in (*conditions, month.condition) if one)
    about = ", ".join(one for one in (*(f"{name} {value}" for name, value in filters), month.said) if one)
    score = 2 * len(filters) + len(words & place)
    score += 0 if column is None else 1 + len(words & words_of(column))
    yield score, _task(aggregate, column, where, about, table, passage)


def _task(
    aggregate: Aggregate, column: str | None, where: str, about: str, table: Table, passage: Passage
) -> TableTask:
    name = f'"{column}"'
    what = "*" if aggregate in ("list", "max", "min") else "count(*) AS rows"
    if aggregate == "share":
        part = f"sum(CASE WHEN {where} THEN {name} ELSE 0 END)"
        what, where = f"round(100.0 * {part} / sum({name}), 2) AS value", ""
    if aggregate in ("sum", "avg"):
        what += f", round({aggregate}({name}), 6) AS value"
    order = {"max": f" ORDER BY {name} DESC LIMIT 1", "min": f" ORDER BY {name} LIMIT 1"}.get(aggregate, "")
    said = f"{_SAID.get(aggregate, aggregate)} of {column}" if column else aggregate
    return TableTask(
        document=passage.document,
        columns=table.columns,
        before=f"SELECT {what} FROM",
        after=f"{f' WHERE {where}' if where else ''}{order}",
        about=f"{said}{f', {about}' if about else ''}",
        unit="%" if aggregate == "share" else unit_of(column or ""),
        passage=passage,
        is_value=aggregate in ("share", "sum", "avg", "count"),
    )


def _filters(table: Table, words: set[str]) -> Iterator[tuple[str, str]]:
    """Yield for each column of texts the cell whose words all stand in the task, the longest one."""
    for place, name in enumerate(table.columns):
        cells = {row[place] for row in table.rows if row[place].strip() and not is_number(row[place])}
        fits = [cell for cell in cells if (of := words_of(cell)) and of <= words and not of <= words_of(name)]
        if fits:
            yield name, max(fits, key=lambda cell: (len(words_of(cell)), cell))


@dataclass(frozen=True, slots=True)
class _Month:
    """The month or year that a task names, and the condition that it comes to; both '' without one."""

    said: str = ""
    condition: str = ""


def _month(task: str, table: Table) -> _Month:
    """Return the month that a task names, where the table has a column of dates."""
    form, said = next(
        (
            (form, task[one.start : one.end])
            for one in dates_in(task)
            for form in one.forms
            if _YEAR_MONTH.match(form)
        ),
        ("", ""),
    )
    if not form and (bare := _MONTH_NAME.search(task)):
        form, said = f"--{_MONTHS.index(bare[1].lower()[:3]) + 1:02}", bare[1]
    for place, name in enumerate(table.columns if form else ()):
        if table.rows and all(_DAY.match(row[place]) for row in table.rows):
            condition = f"substr(\"{name}\", 6, 2) = '{form[-2:]}'"
            if form[0] != "-":
                condition += f" AND substr(\"{name}\", 1, 4) = '{form[:4]}'"
            return _Month(said, condition)
    return _Month()


def _year(task: str, table: Table, place: frozenset[str]) -> _Month:
    """Return the year that a task names, where cells such as "Q1 2026" name it and the document does not."""
    for year in _YEAR.findall(task):
        for position, name in enumerate(table.columns):
            if year not in place and any(year in words_of(row[position]) for row in table.rows):
                return _Month(year, f"\"{name}\" LIKE '%{year}%'")
    return _Month()


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR_MONTH, _DAY = re.compile(r"^\d{4}-\d{2}$"), re.compile(r"^\d{4}-\d{2}-\d{2}")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_NAME = re.compile(
    r"\bin (january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


def _column(task: str, table: Table, words: set[str]) -> str | None:
    """Return the column of numbers that a task is about: named by it, or the only one it can be."""
    numeric = [
        name
        for place, name in enumerate(table.columns)
        if table.rows and all(is_number(row[place]) or not row[place].strip() for row in table.rows)
    ]
    measures = {root(measure) for word, measure in _MEASURE.items() if word in task.lower()}
    if measures:  # what is dear has a price, not a total
        numeric = [name for name in numeric if words_of(name) & measures]
    named = [name for name in numeric if words_of(name) & (words - _GENERIC)]
    named = named or [name for name in numeric if words_of(name) & words]
    if len(named) == 1:
        return named[0]
    money = [name for name in (named or numeric) if unit_of(name)]
    return money[0] if len(money) == 1 else numeric[0] if len(numeric) == 1 else None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
