"""The numbers, dates, versions and names of a text, each in one form however it is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lorewright.knowledge.words import sentences, stem

Kind = Literal["date", "number", "name"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio",
            "february feb februar février febrero febbraio",
            "march mar märz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug août agosto",
            "september sep sept septembre septiembre settembre",
            "october oct oktober octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember décembre diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>[12]\d{3})"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>[12]\d{3})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?:T[\d:.]+Z?)?\b",
        rf"\b{_DAY}\s+(?:of\s+|de\s+)?{_MONTH}\s*,?\s+(?:de\s+)?{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",
        rf"\b{_YEAR}\s+{_MONTH}\s+{_DAY}\b",
        r"\b(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>[12]\d{3})\b",
        r"\b(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<year>[12]\d{3})\b",
        rf"\b{_MONTH}\s*,?\s+(?:of\s+|de\s+)?{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?!\w)",
        rf"\b{_MONTH}\s+{_DAY}(?!\w)",
        r"\b(?P<year>[12]\d{3})-(?P<month>[01]\d)\b",
    )
]
_MARKER = re.compile(r"\[\d+\](?!\()")
_NUMBER = re.compile(
    r"(?<![\w.,])[vV]?(?P<currency>[$€£¥]\s?)?[-−]?"  # noqa: RUF001
    r"(?P<digits>\d+(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:\.\w+)*(?:-\w+)*)"
    r"(?P<percent>\s?%)?(?:st|nd|rd|th)?(?!\w)"
    r"(?:\s(?P<scale>thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SMALL = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(_SMALL.split(), start=2)},
    **{word: str(value * 10) for value, word in enumerate(_TENS.split(), start=2)},
}
_ALSO_NUMBERS = {  # too common to be claims, but they state the number
    **{word: str(value) for value, word in enumerate(_ORDINALS.split(), start=1)},
    "one": "1",
}
_NAME = re.compile(r"[^\W\d_](?:[\w&+#]|[.'’\-](?=\w))*")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Claim:
    """A number, date or name; `forms` are the ways to read it, any of which supports it."""

    kind: Kind
    text: str
    start: int
    end: int
    forms: frozenset[str]


def claims(text: str) -> list[Claim]:
    """Return what `text` says that can be checked word by word, in order.

    Dates become 2027-03-05, 2027-03 or --03-05; numbers lose separators; a version keeps every
    part, as 3.10 is not 3.1. A name is a word with a capital letter inside a sentence, or with
    capitals or digits inside the word. Markers such as [2] are not claims.
    """
    left = _MARKER.sub(lambda marker: " " * len(marker.group()), text)
    found = []
    for kind in (_dates, _numbers, _names):
        for claim in kind(left):
            found.append(claim)
            left = left[: claim.start] + " " * (claim.end - claim.start) + left[claim.end :]
    return sorted(found, key=lambda claim: claim.start)


def stated(text: str) -> frozenset[str]:
    """Return all that `text` states, as forms: every claim, parts of dates, and every word."""
    forms: set[str] = set()
    for claim in claims(text):
        forms |= claim.forms
        if claim.kind == "date":
            for form in claim.forms:
                forms |= _parts_of_date(form)
    words = [word for word in re.split(r"[^\w]+", text) if word]
    forms |= {stem(word) for word in words}
    forms |= {stem(word) for word in re.findall(r"\w(?:[\w&+#]|[.'’\-](?=\w))*", text)}  # noqa: RUF001
    numbers = _NUMBER_WORDS | _ALSO_NUMBERS
    forms |= {numbers[word.lower()] for word in words if word.lower() in numbers}
    return frozenset(forms)


def _dates(text: str) -> Iterator[Claim]:
    taken = [False] * len(text)
    for pattern in _DATES:
        for found in pattern.finditer(text):
            forms = _date_forms(found.groupdict())
            if found.group().startswith("may "):
                continue  # the verb
            if forms and not any(taken[found.start() : found.end()]):
                taken[found.start() : found.end()] = [True] * (found.end() - found.start())
                yield Claim("date", found.group().rstrip("."), found.start(), found.end(), forms)


def _date_forms(parts: dict[str, str | None]) -> frozenset[str]:
    """Return the readings of a date; 03/04/2027 has two."""
    year = parts.get("year") or "-"
    if parts.get("first"):
        pairs = [(parts["first"], parts["second"]), (parts["second"], parts["first"])]
    else:
        pairs = [(parts["month"], parts.get("day"))]
    forms = set()
    for month_text, day in pairs:
        month = _MONTHS.get((month_text or "").lower()) or int(month_text or 0)
        if 1 <= month <= 12 and (day is None or 1 <= int(day) <= 31):
            forms.add(f"{year}-{month:02}" + (f"-{int(day):02}" if day else ""))
    return frozenset(forms)


def _parts_of_date(form: str) -> set[str]:
    """Return what a full date also states: its year, its month, its day of the year."""
    year, _, rest = form.partition("-")
    return {form, year, form[:7], "--" + rest} if year else {form}


def _numbers(text: str) -> Iterator[Claim]:
    for found in _NUMBER.finditer(text):
        plain = re.sub(r"[,\s ](?=\d{3})", "", found["digits"]).lower()
        plain = re.sub(r"^0+(?=\d)", "", plain)
        forms = {plain}
        if re.fullmatch(r"\d+\.\d+", plain) and (
            found["currency"] or found["percent"] or plain.endswith(".0")
        ):
            forms.add(plain.rstrip("0").rstrip("."))
        if found["scale"] and re.fullmatch(r"\d+(\.\d+)?", plain):
            forms.add(f"{float(plain) * 10 ** _SCALES[found['scale'].lower()]:.0f}")
        yield Claim("number", found.group().strip(), found.start(), found.end(), frozenset(forms))
    for word in re.finditer(r"[a-z]+", text, re.IGNORECASE):
        if word.group().lower() in _NUMBER_WORDS:
            form = _NUMBER_WORDS[word.group().lower()]
            yield Claim("number", word.group(), word.start(), word.end(), frozenset({form}))


def _names(text: str) -> Iterator[Claim]:
    for start, end in sentences(text):
        for found in _NAME.finditer(text, start, end):
            if _is_name(found.group(), begins=not re.search(r"\w", text[start : found.start()])):
                form = frozenset({stem(found.group())})
                yield Claim("name", found.group(), found.start(), found.end(), form)


def _is_name(word: str, *, begins: bool) -> bool:
    """Tell a name by its capitals; at the beginning of a sentence only by those inside the word."""
    if len(word) < 2 or re.fullmatch(r"I['’]\w+", word):  # noqa: RUF001
        return False
    if any(letter.isupper() or letter.isdigit() or letter in "_&+#" for letter in word[1:]):
        return True
    return word[0].isupper() and not begins
