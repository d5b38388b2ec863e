"""Texts as they are compared: words, numbers and dates without their dress."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {
    "sept": 9
}
_MONTH_NAME = "(?:" + "|".join(sorted(_MONTH, key=len, reverse=True)) + r")\b\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d|\.\d)",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]+(?:of +)?(?P<n>{_MONTH_NAME}),?[ -]+(?P<y>\d{{4}})\b",
        rf"\b(?P<n>{_MONTH_NAME}) +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})\b",
        r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\b(?!\.\d)",
        # 25/12/2024 and 12/25/2024 can be read in one way only; 03/04/2024 stays as it stands
        r"\b(?P<d>1[3-9]|2\d|3[01])/(?P<m>0?[1-9]|1[0-2])/(?P<y>\d{4})\b",
        r"\b(?P<m>0?[1-9]|1[0-2])/(?P<d>1[3-9]|2\d|3[01])/(?P<y>\d{4})\b",
        r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日",
    )
)
_MONTH_OF_YEAR = re.compile(rf"\b(?P<n>{_MONTH_NAME}),? +(?P<y>\d{{4}})\b", re.IGNORECASE)
_DRESS = re.compile(r"(?<=\d),(?=\d{3}\b)|\bv(?=\d)")  # the comma of 1,500 and the v of v3.11
_WORD = re.compile(
    r"\d+(?:[.:/-]\d\w*)*%?"  # numbers, versions, dates and times stay whole
    r"|[぀-ヿ㐀-鿿가-힯]"  # one character is a word where no spaces are written
    r"|[^\W\d_぀-ヿ㐀-鿿가-힯]\w*",
)
_WHOLE = re.compile(r"\d+(\.0+)?")
_ARTICLES = frozenset({"a", "an", "the"})
_SMALL_WORDS = _ARTICLES | {"is", "are", "was", "were", "be", "been", "has", "have", "of"}
_POLARITY = frozenset({"yes", "no", "maybe", "true", "false"})


def words(text: str) -> list[str]:
    """Return the words of a text as SQuAD compares them: lower case, no punctuation, no articles.

    Unlike there, versions and decimals stay whole ("3.11" is not "311"), and where a script
    writes no spaces every character counts as a word (Rajpurkar et al. 2016; MLQA's rule).
    """
    plain = _DRESS.sub("", unicodedata.normalize("NFKC", text).lower())
    return [word for word in _WORD.findall(plain) if word not in _ARTICLES]


def with_iso_dates(text: str) -> str:
    """Return the text with every date written as 2027-03-05, and "March 2027" as 2027-03."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _DATES:
        plain = pattern.sub(_iso_day, plain)
    return _MONTH_OF_YEAR.sub(lambda found: f"{found['y']}-{_month(found['n']):02}", plain)


def is_same(left: str, right: str) -> bool:
    """Whether two short values say the same: as dates, as numbers, or word for word."""
    left_words, right_words = words(with_iso_dates(left)), words(with_iso_dates(right))
    if left_words or right_words:
        return list(_as_numbers(left_words)) == list(_as_numbers(right_words))
    return left.strip() == right.strip()


def is_in(value: str, text: str) -> bool:
    """Whether a short value occurs in a text, in any date format and number format.

    Small words may differ ("no end date announced" occurs in "no end date is announced").
    A bare yes or no must be the first such word of the text: "no" is in every other sentence.
    """
    wanted, there = _telling(value), _telling(text)
    if len(wanted) == 1 and wanted[0] in _POLARITY:
        return next((word for word in there if word in _POLARITY), "") == wanted[0]
    if not wanted:
        return value.strip() in text
    return any(there[start : start + len(wanted)] == wanted for start in range(len(there) - len(wanted) + 1))


def _telling(text: str) -> list[str]:
    found = words(with_iso_dates(text))
    telling = [word for word in found if word not in _SMALL_WORDS]
    return list(_as_numbers(telling or found))


def _as_numbers(found: Iterable[str]) -> Iterator[str]:
    """Write equal whole numbers the same: 30.0 and 030 become 30. The versions 3.1 and 3.10 differ."""
    for word in found:
        yield word.split(".")[0].lstrip("0") or "0" if _WHOLE.fullmatch(word) else word


def _iso_day(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = _month(parts["n"]) if parts.get("n") else int(parts["m"])
    try:
        return date(int(parts["y"]), month, int(parts["d"])).isoformat()
    except ValueError:  # 30.13.2024 looks like a date and is none
        return found[0]


def _month(name: str) -> int:
    return _MONTH[name.rstrip(".").lower()]
