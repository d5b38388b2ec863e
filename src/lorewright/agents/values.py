"""The number or the date that a passage gives for a question: a cell of a table, or what a sentence says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lorewright.agents.tools.tables import Table, tables_in
from lorewright.knowledge.words import content_words, sentences

_NUMBER = re.compile(r"(?<![\w.])[-−(]?[$€£]?\s?\d[\d,]*(?:\.\d+)?(?![\w])\)?\s?%?")  # noqa: RUF001
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_IN_HEAD = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Value:
    """A number with the words around it."""

    number: Decimal
    written: str
    quote: str


def value_in(question: str, texts: Sequence[str], *, item: str = "") -> Value | None:
    """Return the value that the first of these texts with one gives for a question, or `None`."""
    for text in texts:
        found = _in_tables(question, item, tables_in(text)) or _in_sentences(question, item, text)
        if found is not None:
            return found
    return None


def row_values(question: str, texts: Sequence[str], *, items: Sequence[str] = ()) -> list[Value]:
    """Return the numbers of the one row that a question is about: those below the items, or of every year.

    Years come in their order. Values that are compared must stand in one row: two rows that are alike are
    easily taken for each other.
    """
    wanted = set(content_words(question)) - {word for item in items for word in content_words(item)}
    best: tuple[float, list[Value]] | None = None
    for table in (table for text in texts for table in tables_in(text)):
        columns = [_column(table, set(content_words(item))) for item in items] or _year_columns(table)
        if not columns or None in columns:
            continue
        for row in table.rows:
            words = set(content_words(row[0]))
            score = len(wanted & words) + len(wanted & words) / (len(words) or 1)
            found = [_cell(row, column) for column in columns if column is not None]
            values = [value for value in found if value is not None]
            if score and len(values) == len(columns) and (best is None or score > best[0]):
                best = (score, values)
    return best[1] if best else []


def values_of_rows(questions: Sequence[str], texts: Sequence[str], *, item: str = "") -> list[Value]:
    """Return the numbers of two different rows of one table, both in the column of the item.

    A whole is often a row that is called a total and nothing else.
    """
    asked, item_words = [set(content_words(question)) for question in questions], set(content_words(item))
    best: tuple[float, list[Value]] | None = None
    for table in (table for text in texts for table in tables_in(text)):
        column = _column(table, item_words)
        taken: list[tuple[float, int, Value]] = []
        for wanted in asked:
            scored = (
                (_likeness(wanted - item_words, row[0]), -place, value)
                for place, row in enumerate(table.rows)
                if -place not in {known for _, known, _ in taken}
                and (at := column if item_words else _first_number(row)) is not None
                and (value := _cell(row, at)) is not None
            )
            taken += [max(scored, key=lambda one: one[:2], default=(0.0, 0, Value(Decimal(0), "", "")))]
        if all(score > 0 for score, _, _ in taken):
            total = sum(score for score, _, _ in taken)
            if best is None or total > best[0]:
                best = (total, [value for _, _, value in taken])
    return best[1] if best else []


def _likeness(wanted: set[str], label: str) -> float:
    """Return how well the label of a row says what is wanted."""
    words = set(content_words(label)) | ({"total"} if label.lower().startswith("total") else set())
    shared = wanted & words
    return len(shared) + len(shared) / len(words) if shared else 0.0


def _year_columns(table: Table) -> list[int | None]:
    """Return the columns of a table that are years, the earliest first."""
    for head in (table.columns, *table.rows[:1]):
        years = [(match[0], place) for place, name in enumerate(head) if (match := _IN_HEAD.search(name))]
        if len(years) > 1 and len({year for year, _ in years}) == len(years):
            return [place for _, place in sorted(years)]
    return []


def _cell(row: Sequence[str], place: int) -> Value | None:
    number = _number(row[place])
    return None if number is None else Value(number, row[place].strip(), f"{row[0]}: {row[place]}")


def date_in(texts: Sequence[str]) -> str:
    """Return the first date of these texts, as YYYY-MM-DD; '' where there is none."""
    return next((match[1] for text in texts if (match := _DATE.search(text))), "")


def is_year(item: str) -> bool:
    """Return whether what tells one question from its sister is a year, such as 2019 or FY19."""
    return bool(re.fullmatch(r"(?:19|20)\d\d|FY?\s?(?:20)?\d\d", item))


def _in_tables(question: str, item: str, tables: Sequence[Table]) -> Value | None:
    """Return the cell where the row that shares most with the question meets the column of the item."""
    wanted, item_words = set(content_words(question)), set(content_words(item))
    best: tuple[float, Value] | None = None
    for table in tables:
        column = _column(table, item_words)
        for row in table.rows:
            score = len((wanted - item_words) & set(content_words(row[0])))
            place = column if column is not None else _first_number(row)
            if item_words and column is None and not item_words <= set(content_words(" ".join(row))):
                continue
            if not score or place is None or (value := _number(row[place])) is None:
                continue
            share = score / (len(set(content_words(row[0]))) or 1)
            if best is None or score + share > best[0]:
                best = (score + share, Value(value, row[place].strip(), f"{row[0]}: {row[place]}"))
    return best[1] if best else None


def _column(table: Table, item_words: set[str]) -> int | None:
    """Return the column whose name, or whose first cell, holds the item."""
    if not item_words:
        return None
    heads = [table.columns, *table.rows[:1]]
    for head in heads:
        for place, name in enumerate(head):
            if place and item_words <= set(content_words(str(name).replace("_", " "))):
                return place
    return None


def _first_number(row: Sequence[str]) -> int | None:
    return next((place for place, cell in enumerate(row) if place and _number(cell) is not None), None)


def _in_sentences(question: str, item: str, text: str) -> Value | None:
    """Return the first number of the sentence that shares most words with the question."""
    wanted = set(content_words(f"{question} {item}"))
    best: tuple[int, Value] | None = None
    for start, end in sentences(text):
        sentence = text[start:end]
        if sentence.lstrip().startswith("|"):
            continue
        score = len(wanted & set(content_words(sentence)))
        value = _first_value(sentence, wanted)
        if score and value is not None and (best is None or score > best[0]):
            best = (score, value)
    return best[1] if best else None


def _first_value(sentence: str, wanted: set[str]) -> Value | None:
    for match in _NUMBER.finditer(sentence):
        written = match.group().strip()
        plain = written.strip("()$€£% −-")  # noqa: RUF001
        if plain in wanted or _YEAR.match(plain):
            continue
        number = _number(written)
        if number is not None:
            return Value(number, written, " ".join(sentence.split()))
    return None


def _number(cell: str) -> Decimal | None:
    text = cell.strip()
    digits = re.sub(r"[^\d.]", "", text)
    if (
        not digits
        or digits.count(".") > 1
        or not re.fullmatch(r"[-−(]?\s*[$€£]?\s*-?[\d,]+(?:\.\d+)?\s*%?\)?", text)  # noqa: RUF001
    ):
        return None
    is_negative = text.startswith(("(", "-", "−"))  # noqa: RUF001
    return -Decimal(digits) if is_negative else Decimal(digits)
