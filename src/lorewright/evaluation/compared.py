"""Texts as they are compared: words, numbers and dates without their dress."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from lorewright.knowledge.exact import Exact, exact_values, is_other_unit, same
from lorewright.knowledge.language import language_in
from lorewright.knowledge.notation import with_exact_values

_DRESS = re.compile(r"(?<=\d),(?=\d{3}\b)|\bv(?=\d)")  # the comma of 1,500 and the v of v3.11
_WORD = re.compile(
    r"\d+(?:[.:/-]\d\w*)*%?"  # numbers, versions, dates and times stay whole
    r"|[぀-ヿ㐀-鿿가-힯]"  # one character is a word where no spaces are written
    r"|[^\W\d_぀-ヿ㐀-鿿가-힯]\w*",
)
_WHOLE = re.compile(r"\d+(\.0+)?")
_ARTICLES = frozenset({"a", "an", "the"})
_SMALL_WORDS = _ARTICLES | {"is", "are", "was", "were", "be", "been", "has", "have", "of"}
POLARITY = frozenset({"yes", "no", "maybe", "true", "false"})


def words(text: str) -> list[str]:
    """Return the words of a text as SQuAD compares them: lower case, no punctuation, no articles.

    Unlike there, versions and decimals stay whole ("3.11" is not "311"), and where a script
    writes no spaces every character counts as a word (Rajpurkar et al. 2016; MLQA's rule).
    """
    plain = _DRESS.sub("", unicodedata.normalize("NFKC", text).lower())
    return [word for word in _WORD.findall(plain) if word not in _ARTICLES]


def is_same(left: str, right: str) -> bool:
    """Whether two short values say the same: as dates, as numbers, or word for word."""
    one, other = _only(left), _only(right)
    if one and other:
        return same(one, other)
    left_words, right_words = words(with_exact_values(left)), words(with_exact_values(right))
    if left_words or right_words:
        return list(_as_numbers(left_words)) == list(_as_numbers(right_words))
    return left.strip() == right.strip()


def _only(text: str) -> Exact | None:
    """Return the exact value that is all of a text, but for articles and punctuation."""
    values = exact_values(unicodedata.normalize("NFKC", text))
    if len(values) != 1 or (len(values[0].values) != 1 and values[0].kind != "identifier"):
        return None
    left = text[: values[0].start] + text[values[0].end :]
    return None if words(left) else values[0]


def is_in(value: str, text: str) -> bool:
    """Whether a short value occurs in a text, in any date format and number format.

    Small words may differ ("no end date announced" occurs in "no end date is announced").
    A bare yes or no must be the first such word of the text: "no" is in every other sentence.
    """
    language = language_in(text)
    wanted, there = _telling(value, language), _telling(text, language)
    if len(wanted) == 1 and wanted[0] in POLARITY:
        return next((word for word in there if word in POLARITY), "") == wanted[0]
    if not wanted:
        return value.strip() in text
    if not any(there[start : start + len(wanted)] == wanted for start in range(len(there) - len(wanted) + 1)):
        whole = _only(value)
        return whole is not None and any(same(exact, whole) for exact in exact_values(text, language))
    return not _counts_something_else(value, text, language)


def _counts_something_else(value: str, text: str, language: str) -> bool:
    """Whether a number of the value occurs in the text with other units only: 5 weeks for 5 days."""
    held = exact_values(text, language)
    return any(
        any(is_other_unit(wanted, one) for one in held) and not any(same(wanted, one) for one in held)
        for wanted in exact_values(value, language)
    )


def _telling(text: str, language: str) -> list[str]:
    all_words = words(with_exact_values(text, language))
    telling = [word for word in all_words if word not in _SMALL_WORDS]
    return list(_as_numbers(telling or all_words))


def _as_numbers(plain_words: Iterable[str]) -> Iterator[str]:
    """Write equal whole numbers the same: 30.0 and 030 become 30. The versions 3.1 and 3.10 differ."""
    for word in plain_words:
        yield word.split(".")[0].lstrip("0") or "0" if _WHOLE.fullmatch(word) else word
