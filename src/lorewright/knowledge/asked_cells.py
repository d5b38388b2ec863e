"""Which rows of a table a question names, and which of their cells it is after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_FREQUENCY = (
    r"\b(?:every|each|once|twice|daily|weekly|fortnightly|monthly|quarterly|yearly|annual(?:ly)?|hourly|per"
    r"|times? (?:a|per)|jede[nrs]?|alle|pro|täglich|(?:halb)?jährlich|wöchentlich|monatlich|einmal|zweimal"
    r"|chaque|fois|tous les|toutes les|par|cada|veces|vez|todos los|todas las|ogni|volte|volta)\b"
)
SOUGHT = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(cell, re.IGNORECASE))
    for asked, cell in (
        (
            r"\bhow much (?:is|are)\b|\b(?:cost|price|pay|charge|fee|fare|rent\b)|\bkoste[nt]"
            r"|\bteuer\b|\bpreis|\b(?:be)?zahl(?:en|t|e|st)\b|\b\w*(?:gebühr|beitrag|miete)\b|\bco[uû]te|\bprix\b|\bpa(?:ie|y)|\btarif"
            r"|\bloyer\b|\bcuesta|\bprecio|\bpag(?:a|ar|an|o)\b|\bcosta\b|\bprezzo|\bpag(?:are|hi)\b|\btariff",
            _MONEY,
        ),
        (
            r"\bwhen\b|\bwh(?:at|ich) (?:date|year|days?|time)\b|\bwann\b|\bwelche\w* tag|\bquand\b"
            r"|\bquels? jours?\b|\bcuándo\b|\bqué días?\b|\bquando\b",
            f"{_DATE}|{_WEEKDAY}",
        ),
        (r"\bhow long\b|\bwie lange\b|\bcombien de temps\b|\bcuánto (?:dura|tarda)", _SPAN),
        (
            r"\bhow (?:often|frequently)\b|\bwie (?:oft|häufig)\b|\bcombien de fois\b|\bà quelle fréquence\b"
            r"|\bcon qué frecuencia\b|\bcada cuánto\b|\bcon che frequenza\b|\bogni quanto\b",
            _FREQUENCY,
        ),
        (r"\bpercent|\bper cent\b|\bprozent|\bpourcent|\bporcentaje\b|\bpercentual", r"\d\s?%"),
        (r"\bhow heavy\b|\bweigh|\bschwer\b|\bwiegt|\bpèse|\bpesa\b", r"\d\s?(?:kg|g|lbs?|oz)\b"),
        (r"\bhow fast\b|\bspeed\b|\bschnell\b|\bvitesse\b", r"\d\s?(?:[kMG]?bit/s|[kMG]B/s|km/h|mph|rpm)\b"),
        (
            r"\bwho\b|\bwer\b|\bqui\b|\bquién\b|\bchi\b",
            r"(?-i:[^\W\d_a-z]\w+\.?(?: \w{1,3})* [^\W\d_a-z]\w+)",
        ),
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
_ADDED = re.compile(r"\s*[(:;,]|\s[-–]\s")  # noqa: RUF001
_WHERE = re.compile(r"\b(?:where|wo|wohin|où|dónde|dove)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row that a question may be about: its place, the cell that names it, and the cells that it is after.

    `key` is `None` where nothing names it; then, and where it tells no cells, all may be meant.
    """

    place: int
    key: int | None
    sought: tuple[int, ...]


def asked_rows(question: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[AskedRow]:
    """Return the rows that a question names, with the cells that it is after; all rows where it names none.

    A row is named by its first cell or else by another one, word for word in the question. Where a longer
    name is meant, a shorter one in it is not: "R2 Pro" names no "R2". To compare, all rows are needed.
    """
    asked = _words(question)
    named: list[tuple[int, int]] = []
    if not _COMPARES.search(question):
        named = _named(asked, [row[:1] for row in rows]) or _named(asked, [("", *row[1:]) for row in rows])
    keys: list[tuple[int, int | None]] = [*named] or [(place, None) for place in range(len(rows))]
    return [AskedRow(place, key, _sought(question, heads, rows[place], key)) for place, key in keys]


def _named(asked: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return row and cell of the names that stand in what is asked, the longest ones taken first.

    What a cell adds to a name need not be said: "Black bin (140 litres)", "Easter Monday: a day later".
    """
    names: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for place, row in enumerate(rows):
        for key, cell in enumerate(row):
            for words in {tuple(_words(cell)), tuple(_words(_ADDED.split(cell, maxsplit=1)[0]))} - {()}:
                names.setdefault(words, []).append((place, key))
    left, found = list(asked), dict[int, int]()
    for name in sorted(names, key=len, reverse=True):
        for start in reversed(range(len(left) - len(name) + 1)):
            if tuple(left[start : start + len(name)]) == name and _is_name(names[name], rows):
                left[start : start + len(name)] = [""] * len(name)
                for place, key in names[name]:
                    found.setdefault(place, key)
    return sorted(found.items())


def _is_name(places: Sequence[tuple[int, int]], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a name may be one: behind the first column a bare number is none."""
    return any(key == 0 or any(map(str.isalpha, rows[place][key])) for place, key in places)


def _sought(question: str, heads: Sequence[str], row: Sequence[str], key: int | None) -> tuple[int, ...]:
    """Return the places of the cells that a question is after; none where it does not say.

    Those whose column it names in full; else those that share most words with it and look as what it asks
    for, or else those that do either. The first cell is among them only where another one names the row.
    """
    if _WHERE.search(question):
        return ()
    name = set(_words(row[key])) if key is not None else set[str]()
    asked = set(_words(_ASKING.sub(" ", question))) - name
    places = [place for place, cell in enumerate(row) if cell and place != key and (place or key)]
    columns = {place: set(_words(_head(heads, place))) for place in places}
    if full := [place for place in places if columns[place] and columns[place] <= asked]:
        return tuple(full)
    looks = [place for place in places if looks_sought(question, _head(heads, place), row[place])]
    if looks[:1] == [0]:
        return (0,)
    shared = {place: len(asked & (columns[place] | set(_words(row[place])))) for place in places}
    most = max(shared.values(), default=0)
    alike = [place for place in places if most and shared[place] == most]
    both = [place for place in alike if place in looks]
    return tuple(both or [place for place in places if place in alike or place in looks])


def looks_sought(question: str, head: str, cell: str) -> bool:
    """Tell whether a cell looks as what a question asks for, with a unit of its column if it needs one."""
    texts = [cell, *(f"{cell} {unit}" for unit in _UNIT.findall(head))]
    return any(look.search(text) for cue, look in SOUGHT if cue.search(question) for text in texts)


def holds_asked_cell(question: str, head: str, row: str) -> bool:
    """Tell whether a question names a row of a table by one cell, and asks for another one of it."""
    return bool(asked_cells(question, cells_of(head), [cells_of(row)]))


def asked_cells(question: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return row and place of every cell that a question asks for beyond doubt.

    Its row is named by another cell, and its column in full, or it looks as what is asked for.
    """
    if sum(map(bool, heads)) < 2:
        return []
    words = set(_words(_ASKING.sub(" ", question)))
    return [
        (row.place, place)
        for row in asked_rows(question, heads, rows)
        for place in row.sought
        if row.key is not None
        and (
            looks_sought(question, _head(heads, place), rows[row.place][place])
            or (set(_words(_head(heads, place))) or {""}) <= words
        )
    ]


def asks_for_entry(question: str, name: str, above: str) -> bool:
    """Tell whether a question asks beyond doubt for what is called `name` in a record.

    All of what it is about is in that name, or stands `above` the record, which says of what it is one.
    """
    asked, own = set(_words(_ASKING.sub(" ", question))), set(_words(name))
    elsewhere = set(_words(above))
    return bool(own & asked - elsewhere) and asked <= own | elsewhere


def cells_of(row: str) -> list[str]:
    """Return the cells of a row of a Markdown table."""
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]


def _head(heads: Sequence[str], place: int) -> str:
    return heads[place] if place < len(heads) else ""


def _words(text: str) -> list[str]:
    return [root(word) for word in content_words(text) if word not in FUNCTION_WORDS]
