"""Texts as they are compared: words, numbers and dates without their dress."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lorewright.knowledge.claims import claims

_CJK_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
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


@lru_cache(maxsize=4096)  # every arm is compared with the same targets, by several scorers
def with_iso_dates(text: str) -> str:
    """Return the text with every date written as 2027-03-05, and "March 2027" as 2027-03.

    A date that can be read in two ways, such as 03/04/2024, stays as it stands.
    """
    plain = _CJK_DATE.sub(r"\1-\2-\3", unicodedata.normalize("NFKC", text))
    for claim in reversed(claims(plain)):
        if claim.kind == "date" and len(claim.forms) == 1:
            (form,) = claim.forms
            plain = plain[: claim.start] + form + plain[claim.end :]
    return plain


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
