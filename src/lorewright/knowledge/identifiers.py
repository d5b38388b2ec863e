"""Words of a query that must be met letter by letter: versions, error codes, names of functions."""

import re
from functools import lru_cache

from lorewright.knowledge.claims import claims
from lorewright.knowledge.words import STOP_WORDS

_YEAR = re.compile(r"[12]\d{3}")
_CODE = re.compile(r"(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_SPACED = re.compile(r"(?<![\w-])([^\W\d_]{1,4})[ \xa0](\d{2,})(?![\w.,]*\d|\w)")
_SIGN = r"[-_ /\xa0]?"
LONGEST_CHARS = 6_000
"""As much of a query is looked at: of a longer one its beginning and its end."""


def shortened(query: str) -> str:
    """Return the beginning and the end of a query that is too long to be searched for."""
    half = LONGEST_CHARS // 2
    return query if len(query) <= LONGEST_CHARS else f"{query[:half]} {query[-half:]}"


def identifiers(query: str) -> list[str]:
    """Return the versions, codes and names with inner capitals in `query`, in lower case.

    Years, amounts and ordinals are not among them: they stand in too many chunks to tell one.
    """
    query = shortened(query)
    words = [
        claim.text.lower()
        for claim in claims(query)
        if claim.kind != "date" and _identifies(claim.text) and not _YEAR.fullmatch(claim.text)
    ]
    spaced = [
        f"{word}-{number}".lower()
        for word, number in _SPACED.findall(query)
        if word.lower() not in STOP_WORDS and not _YEAR.fullmatch(number)
    ]
    numbers = {number for code in spaced for number in code.rsplit("-", 1)[1:]}
    return [word for word in words if word not in numbers] + spaced


def spellings(query: str) -> list[str]:
    """Return the codes of a query in the spellings that full text tells apart: e4711, and e with 4711."""
    query = shortened(query)
    spelled: dict[str, None] = {}
    for code in identifiers(query):
        bare = re.sub(r"[-_/ ]", "", code)
        if _CODE.fullmatch(bare):
            spelled |= dict.fromkeys((bare, " ".join(_PARTS.findall(bare))))
    written = set(query.lower().split())
    return [spelling for spelling in spelled if spelling not in written]


def share_held(wanted: list[str], text: str) -> float:
    """Return the share of `wanted` that `text` holds as whole words: 18.0 is not in 18.0.69.

    A code is held with or without a hyphen or space between its letters and digits: p100 is P-100,
    but neither P-100-B nor XP-100.
    """
    text = text.lower()
    return sum(_pattern(word).search(text) is not None for word in wanted) / len(wanted)


@lru_cache(maxsize=256)
def _pattern(word: str) -> "re.Pattern[str]":
    bare = re.sub(r"[-_/ ]", "", word)
    inner = _SIGN.join(map(re.escape, _PARTS.findall(bare))) if _CODE.fullmatch(bare) else re.escape(word)
    return re.compile(rf"(?<![\w.])(?<!\w-){inner}(?!\w|[.]\w|[-/]\w)")


def _identifies(text: str) -> bool:
    if re.search(r"[$€£¥%,\s]|\d(?:st|nd|rd|th)$", text):
        return False
    return bool(re.search(r"\d|[a-z][A-Z]|_", text))
