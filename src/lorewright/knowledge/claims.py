"""The exact values and names of a text, as what can be checked word by word."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lorewright.knowledge.dates import parts_of_date
from lorewright.knowledge.exact import Exact, exact_values
from lorewright.knowledge.language import language_in
from lorewright.knowledge.names import names_in
from lorewright.knowledge.words import stem

Kind = Literal["date", "number", "name"]

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ALSO_NUMBERS = {  # too common to be claims, but they state the number
    **{word: str(value) for value, word in enumerate(_ORDINALS.split(), start=1)},
    **dict.fromkeys(("one", "ein", "eine", "einen", "un", "une", "uno", "una", "um", "uma", "один"), "1"),
}
_MARKER = re.compile(r"\[\d+\](?!\()")
_TOKEN = re.compile(r"\w(?:[\w&+#]|[.'’\-](?=\w))*")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Claim:
    """A number, date or name; `forms` are the ways to read it, any of which supports it.

    `exact` is its typed value, `None` for a name. One that is not `is_sure` may be no claim at all:
    a noun that is written like a name, or a word that is a number in another language.
    """

    kind: Kind
    text: str
    start: int
    end: int
    forms: frozenset[str]
    exact: Exact | None = None
    is_sure: bool = True


def claims(text: str, language: str = "") -> list[Claim]:
    """Return what `text` says that can be checked word by word, in order.

    Dates become 2027-03-05, 2027-03 or --03-05; numbers lose separators; a version keeps every
    part, as 3.10 is not 3.1. Markers such as [2], and numbers that only count items, are no claims.
    `language` is that of the text where it is too short to tell.
    """
    return list(_claims(text, language_in(text) or language))


@lru_cache(maxsize=4096)
def _claims(text: str, language: str) -> tuple[Claim, ...]:
    claims, left = [], text
    for exact in exact_values(text, language):
        kind: Kind = "date" if exact.kind in ("date", "time") else "number"
        forms = exact.values | exact.converted
        claims.append(Claim(kind, exact.text, exact.start, exact.end, forms, exact, exact.is_sure))
        left = left[: exact.start] + " " * (exact.end - exact.start) + left[exact.end :]
    left = _MARKER.sub(lambda marker: " " * len(marker.group()), left)
    for name in names_in(left, language):
        form = frozenset({stem(name.text)})
        claims.append(Claim("name", name.text, name.start, name.end, form, is_sure=name.is_sure))
    return tuple(sorted(claims, key=lambda claim: claim.start))


@lru_cache(maxsize=4096)
def stated(text: str) -> frozenset[str]:
    """Return all that `text` states, as forms: every exact value, parts of dates, and every word."""
    forms: set[str] = set()
    for exact in exact_values(text):
        forms |= exact.values | exact.converted
        if exact.kind == "date":
            for form in exact.values:
                forms |= parts_of_date(form)
    words = [word for word in re.split(r"[^\w]+", text) if word]
    forms |= {stem(word) for word in words}
    forms |= {stem(word) for word in _TOKEN.findall(text)}
    forms |= {_ALSO_NUMBERS[word.lower()] for word in words if word.lower() in _ALSO_NUMBERS}
    return frozenset(forms)
