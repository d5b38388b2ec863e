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


def date_in(texts: Sequence[str]) -> str:
    """Return the first date of these texts, as YYYY-MM-DD; '' where there is none."""
    return next((match[1] for text in texts if (match := _DATE.search(text))), "")


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
