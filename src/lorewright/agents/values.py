"""The numbers and dates that passages give for a question: cells of tables, and what sentences say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from lorewright.agents.numbers import (
    Number,
    has_decimal_comma,
    number_in_cell,
    numbers_in_text,
    scale_of,
    unit_of,
)
from lorewright.agents.passages import Passage
from lorewright.agents.tools.tables import Table, tables_in
from lorewright.knowledge.dates import dates_in
from lorewright.knowledge.words import content_words, root, sentences

_T = TypeVar("_T")
_FISCAL = re.compile(r"^fy(?:20)?(\d\d)$")
_HEADING = re.compile(r"^\s*(?:#|\|)|:\s*$")
_NUMBERED = re.compile(r"^\s*\d+[.)]\s+")
_FULL_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOVED = re.compile(
    r"\b(?:moved|postponed|delayed|brought forward|changed|raised|lowered|cut|increased|reduced|fell|rose"
    r"|verschoben|geändert|erhöht|gesenkt|sank|stieg)\b.*\b(?:from|von|vom)\b.*\b(?:to|auf)\b",
    re.IGNORECASE | re.DOTALL,
)
_PRICE, _COST = "pric", "cost"
_HEAD_ROWS = 2
MOST_CANDIDATES = 60
"""How many values are weighed for one question."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number with where it stands; `coverage` is the share of the question's words that stand there too.

    In a table `row` and `column` are the names of its cell, both '' in a sentence.
    """

    number: Decimal
    written: str
    quote: str
    passage: Passage
    unit: str = ""
    scale: str = ""
    row: str = ""
    column: str = ""
    table: tuple[str, ...] = field(default=(), compare=False)
    score: float = field(default=0.0, compare=False)
    coverage: float = field(default=0.0, compare=False)
    precision: float = field(default=0.0, compare=False)


def words_of(text: str) -> frozenset[str]:
    """Return the words that say what a text is about, FY19 as the year 2019."""
    words = (word for word in content_words(text.replace("_", " ")) if word != "fy")
    return frozenset(f"20{match[1]}" if (match := _FISCAL.match(word)) else root(word) for word in words)


def words_of_place(place: str) -> frozenset[str]:
    """Return the words of a document's name and its headings: prices-2026.csv is of 2026."""
    return words_of(re.sub(r"[-./()>]", " ", place))


def values_for(question: str, item: str, passages: Sequence[Passage]) -> list[Value]:
    """Return the values that passages hold for a question, the likeliest first; `item` must stand by each."""
    item_words = words_of(item)
    wanted = words_of(question) - item_words
    if not wanted:  # the item says all: the tank of the large one
        wanted, item_words = item_words, frozenset()
    found = [
        replace(value, score=value.score - 0.03 * place)
        for place, passage in enumerate(passages)
        for value in (*_in_tables(passage, wanted, item_words), *_in_sentences(passage, wanted, item_words))
    ]
    return sorted(found, key=lambda value: -value.score)[:MOST_CANDIDATES]


def row_values(question: str, passages: Sequence[Passage]) -> list[Value]:
    """Return the numbers of the one row that a question is about, for every year in their order."""
    wanted = words_of(question)
    best: list[Value] = []
    for place, passage in enumerate(passages):
        for table in _Read.all_of(passage):
            years = table.year_columns()
            for row in table.body:
                cells = [table.cell(row, column, wanted, frozenset()) for column in years]
                values = [cell for cell in cells if cell is not None]
                if len(values) < max(len(years), 2) or not values[0].precision:
                    continue
                values = [replace(value, score=value.score - 0.03 * place) for value in values]
                if not best or values[0].score > best[0].score:
                    best = values
    return best


def date_in(passages: Sequence[Passage], question: str = "") -> tuple[str, Passage] | None:
    """Return the full date that stands nearest to the words of a question, as YYYY-MM-DD, and its passage."""
    wanted = words_of(question)
    best: tuple[float, str, Passage] | None = None
    for place, passage in enumerate(passages):
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            for n, found in enumerate(_newest_first(sentence, list(dates_in(sentence)))):
                form = next((one for one in sorted(found.forms) if _FULL_DATE.match(one)), "")
                score = len(wanted & words_of(sentence)) - 0.3 * n - 0.05 * place
                if form and len(found.forms) == 1 and (best is None or score > best[0]):
                    best = (score, form, passage)
    return None if best is None else best[1:]


def _newest_first(sentence: str, found: list[_T]) -> list[_T]:
    """Return what a sentence names, the last one first where something went from one to the other."""
    return found[::-1] if len(found) == 2 and _MOVED.search(sentence) else found


def is_year(item: str) -> bool:
    """Return whether what tells one question from its sister is a year, such as 2019 or FY19."""
    return bool(re.fullmatch(r"(?:19|20)\d\d|FY?\s?(?:20)?\d\d", item))


class _Read:
    """A table with its numbers read: which rows are heads, what its columns are called, and their units."""

    def __init__(self, table: Table, passage: Passage, *, has_comma: bool, scale: str) -> None:
        self.passage, self._names, self._scale = passage, table.columns, scale
        self._place = words_of_place(passage.place)
        numbers = [[number_in_cell(cell, has_comma=has_comma) for cell in row] for row in table.rows]
        heads = [place for place, row in enumerate(numbers) if _is_head(table.rows[place], row, place)]
        self.columns = [
            " ".join([name, *(table.rows[place][column] for place in heads if place < _HEAD_ROWS)]).strip()
            for column, name in enumerate(table.columns)
        ]
        self._column_words = [words_of(name) for name in self.columns]
        self.body: list[tuple[tuple[str, ...], list[Number | None], str]] = []
        section = ""
        for place, (row, found) in enumerate(zip(table.rows, numbers, strict=True)):
            if place in heads:
                continue
            if not any(found[1:]) and row[0].strip() and not any(cell.strip() for cell in row[1:]):
                section = row[0]
                continue
            self.body.append((row, found, section))

    @classmethod
    def all_of(cls, passage: Passage) -> list["_Read"]:
        """Return the tables of a passage."""
        has_comma, scale = has_decimal_comma(passage.text), scale_of(passage.text)
        return [cls(table, passage, has_comma=has_comma, scale=scale) for table in tables_in(passage.text)]

    def year_columns(self) -> list[int]:
        """Return the columns that are years, the earliest first; none where one year has two."""
        years = [
            (year, place)
            for place, words in enumerate(self._column_words)
            if len(of := [word for word in words if is_year(word)]) == 1
            for year in of
        ]
        return (
            [place for _, place in sorted(years)]
            if len({year for year, _ in years}) == len(years) > 1
            else []
        )

    def cell(
        self,
        row: tuple[tuple[str, ...], list[Number | None], str],
        column: int,
        wanted: frozenset[str],
        item: frozenset[str],
    ) -> Value | None:
        """Return a cell as an answer to what is wanted, `None` for one that is no number or not about it."""
        cells, numbers, section = row
        number = numbers[column]
        if number is None:
            return None
        texts = [cell for cell, one in zip(cells, numbers, strict=True) if one is None or one.is_year]
        label, around = words_of(cells[0]), words_of(" ".join(texts))
        name, above = self._column_words[column], words_of(section)
        if not item <= (around | name | above | self._place):
            return None
        in_row = wanted & around
        in_column = (wanted & name) - in_row
        if not in_row and (not in_column or (item and item <= name)):
            return None
        named = max(texts or cells, key=lambda text: len((wanted | item) & words_of(text))).strip()
        in_section = (wanted & above) - in_row - in_column
        in_place = (wanted & self._place) - in_row - in_column - in_section
        own = (label if in_row & label else around) - item
        precision = len(in_row) / (len(own) or 1)
        n_seen = len(in_row) + len(in_column) + 0.6 * len(in_section) + 0.3 * len(in_place)
        return Value(
            number.value, number.written, f"{named}, {self.columns[column]}: {number.written}",
            self.passage, number.unit or unit_of(self.columns[column]), number.scale or self._scale,
            row=cells[0].strip(), column=self.columns[column], table=self._names,
            score=n_seen + precision - (0.0 if item <= around | name else 0.3),
            coverage=n_seen / (len(wanted) or 1), precision=precision if in_row & label else 0.0,
        )  # fmt: skip


def _is_head(row: Sequence[str], numbers: Sequence[Number | None], place: int) -> bool:
    """Return whether a row names columns: its only numbers are years, or it has none and no label."""
    found = [number for number in numbers if number is not None]
    if found:
        return all(number.is_year for number in found) and len(found) > (1 if row[0].strip() else 0)
    return place < _HEAD_ROWS and not row[0].strip() and any(cell.strip() for cell in row)


def _in_tables(passage: Passage, wanted: frozenset[str], item: frozenset[str]) -> Iterator[Value]:
    for table in _Read.all_of(passage):
        for row in table.body:
            for column in range(len(row[0])):
                if (value := table.cell(row, column, wanted, item)) is not None:
                    yield value


def _in_sentences(passage: Passage, wanted: frozenset[str], item: frozenset[str]) -> Iterator[Value]:
    """Yield the numbers of sentences that share words with a question; headings and dates give none."""
    place = words_of_place(passage.place)
    for start, end in sentences(passage.text):
        sentence = passage.text[start:end]
        if _HEADING.search(sentence):
            continue
        plain = _NUMBERED.sub("", sentence)
        words = words_of(plain)
        if _COST in words:
            words |= {_PRICE}
        seen, in_place = wanted & words, (wanted & place) - words
        if not seen or not item <= words | place:
            continue
        n_seen = len(seen) + 0.3 * len(in_place)
        taken = [(one.start, one.end) for one in dates_in(plain)]
        numbers = [
            number
            for at, number in numbers_in_text(plain)
            if not any(begun <= at < over for begun, over in taken)
            and not number.is_year
            and not words_of(number.written) <= (wanted | item)
        ]
        for n, number in enumerate(_newest_first(plain, numbers)):
            yield Value(
                number.value, number.written, " ".join(plain.split()), passage, number.unit, number.scale,
                score=n_seen - 0.1 * n - (0.0 if item <= words else 0.3) + _fits_unit(number, wanted),
                coverage=n_seen / (len(wanted) or 1),
            )  # fmt: skip


_UNITS_OF_MEASURES = tuple(
    (words_of(measures), frozenset(units.split()))
    for measures, units in (
        ("price cost fee charge fare rent salary wage deposit preis gebühr lohn miete kaution", "€ $ £ ¥"),
        ("weight heavy weigh gewicht", "g kg t gram grams lb pounds gramm"),
        ("length long longer height width wide depth distance länge höhe breite", "mm cm m km metres meter"),
    )
)


def _fits_unit(number: Number, wanted: frozenset[str]) -> float:
    """Return what it counts that a number has the unit of what is wanted: a price is in money."""
    units = next((units for measures, units in _UNITS_OF_MEASURES if wanted & measures), frozenset[str]())
    return 0.5 if number.unit in units else 0.0
