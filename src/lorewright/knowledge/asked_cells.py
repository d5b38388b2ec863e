"""Which rows of a table a question names, and which of their cells it is after."""

import re
from collections.abc import Sequence

from lorewright.knowledge.question_words import FUNCTION_WORDS
from lorewright.knowledge.words import content_words, root

_BAR = re.compile(r"(?<!\\)\|")
_UNIT = re.compile(r"[^\s/()\[\],;]+")
_MONEY = r"[$€£¥]\s?\d|\d\s?[$€£¥]|\b(?:USD|EUR|GBP|CHF|SEK|euros?|pounds?|dollars?)\b"
_DATE = r"\b(?:19|20)\d\d\b|\d{1,2}[./]\d{1,2}[./]\d|\b\d{1,2}(?:[:.]\d\d|\s?(?:am|pm|Uhr|h)\b)"
_WEEKDAY = (
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|(?:mon|diens|donners|frei|sams|sonn)tags?"
    r"|mittwochs?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado"
    r"|domingo|daily|weekdays?|täglich)\b"
)
_SPAN = (
    r"\d\W?\s?(?:minut\w*|hours?|days?|weeks?|months?|years?|min|h|stunden?|tagen?|wochen?|monaten?|jahren?|heures?"
    r"|jours?|semaines?|mois|ans?|horas?|días?|semanas?|mes(?:es)?|años?)\b"
)
SOUGHT = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(cell, re.IGNORECASE))
    for asked, cell in (
        (
            r"\bhow much (?:is|are)\b|\b(?:cost|price|pay|charge|fee)|\bkoste[nt]|\bteuer\b|\bpreis"
            r"|\bco[uû]te|\bprix\b|\bcuesta|\bprecio|\bcosta\b|\bprezzo",
            _MONEY,
        ),
        (
            r"\bwhen\b|\bwh(?:at|ich) (?:date|year|days?|time)\b|\bwann\b|\bwelche\w* tag|\bquand\b"
            r"|\bquels? jours?\b|\bcuándo\b|\bqué días?\b|\bquando\b",
            f"{_DATE}|{_WEEKDAY}",
        ),
        (r"\bhow long\b|\bwie lange\b|\bcombien de temps\b|\bcuánto (?:dura|tarda)", _SPAN),
        (r"\bhow heavy\b|\bweigh|\bschwer\b|\bwiegt|\bpèse|\bpesa\b", r"\d\s?(?:kg|g|lbs?|oz)\b"),
        (r"\bhow fast\b|\bspeed\b|\bschnell\b|\bvitesse\b", r"\d\s?(?:[kMG]?bit/s|[kMG]B/s|km/h|mph|rpm)\b"),
        (r"\bwho\b|\bwer\b|\bqui\b|\bquién\b|\bchi\b", r"(?-i:[^\W\d_a-z]\w+\.? [^\W\d_a-z]\w+)"),
    )
)
"""What a question asks for, and how a cell with it looks; its unit may stand above it."""
_ASKING = re.compile(
    r"\bhow (?:long|many|much|far|old|late|early|often|big|high|heavy|fast)\b"
    r"|\bwie (?:lange?|viele?|oft|schwer|hoch|groß)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:than|compar\w+|besides|except|others?|als|außer|andere\w*|sauf|excepto)\b"
    r"|\b(?-i:plus|moins|más|menos) \w+ qu?e\b",
    re.IGNORECASE,
)
"""Then rows beside those that are named matter too."""
_WHERE = re.compile(r"\b(?:where|wo|wohin|où|dónde|dove)\b", re.IGNORECASE)


def named_rows(question: str, rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the rows that a question names, none where it names no row.

    A row is named by its first cell or else by another one, word for word in the question. Where a longer
    name is meant, a shorter one in it is not: "R2 Pro" names no "R2". To compare, all rows are needed.
    """
    if _COMPARES.search(question):
        return []
    asked = _words(question)
    first = _named_among(asked, [row[:1] for row in rows])
    return first or _named_among(asked, [[cell for cell in row[1:] if _has_letters(cell)] for row in rows])


def _named_among(asked: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the rows of which a cell stands in what is asked, the longest ones taken first."""
    names: dict[tuple[str, ...], list[int]] = {}
    for place, some in enumerate(rows):
        for name in filter(None, (tuple(_words(cell)) for cell in some)):
            names.setdefault(name, []).append(place)
    left, found = list(asked), set[int]()
    for name in sorted(names, key=len, reverse=True):
        for start in reversed(range(len(left) - len(name) + 1)):
            if tuple(left[start : start + len(name)]) == name:
                left[start : start + len(name)] = [""] * len(name)
                found.update(names[name])
    return sorted(found)


def sought_cells(question: str, heads: Sequence[str], row: Sequence[str]) -> list[int]:
    """Return the places of the cells that a question is after, without the first; none where it does not say.

    Those whose column it names in full; else those that share most words with it, and those that look as
    what it asks for. Where something is, no column needs to say.
    """
    asked = set(_words(_ASKING.sub(" ", question)))
    places = [place for place, cell in enumerate(row) if place and cell]
    of_column = {place: set(_words(_head(heads, place))) for place in places}
    if _WHERE.search(question):
        return []
    if full := [place for place in places if of_column[place] and of_column[place] <= asked]:
        return full
    shared = {place: len(asked & (of_column[place] | set(_words(row[place])))) for place in places}
    most = max(shared.values(), default=0)
    return [
        place
        for place in places
        if (most and shared[place] == most) or looks_sought(question, _head(heads, place), row[place])
    ]


def looks_sought(question: str, head: str, cell: str) -> bool:
    """Tell whether a cell looks as what a question asks for, with a unit of its column if it needs one."""
    texts = [cell, *(f"{cell} {unit}" for unit in _UNIT.findall(head))]
    return any(look.search(text) for cue, look in SOUGHT if cue.search(question) for text in texts)


def holds_asked_cell(question: str, head: str, row: str) -> bool:
    """Tell whether a question names a row of a table by one cell, and asks for another one of it."""
    heads, cells = cells_of(head), cells_of(row)
    if sum(map(bool, heads)) < 2 or not named_rows(question, [cells]):
        return False
    asked = set(_words(_ASKING.sub(" ", question)))
    others = [place for place, cell in enumerate(cells) if cell and not set(_words(cell)) <= asked]
    return any(
        looks_sought(question, _head(heads, place), cells[place])
        or (set(_words(_head(heads, place))) or {""}) <= asked
        for place in others
    )


def cells_of(row: str) -> list[str]:
    """Return the cells of a row of a Markdown table."""
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]


def _head(heads: Sequence[str], place: int) -> str:
    return heads[place] if place < len(heads) else ""


def _has_letters(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _words(text: str) -> list[str]:
    return [root(word) for word in content_words(text) if word not in FUNCTION_WORDS]
