"""The numbers and letters of list items, as they stand on a page of a PDF."""

import re
from functools import partial

_MARKED = re.compile(
    r"^[ \t]*(?P<mark>\((?:\d{1,3}|[a-zA-Z]{1,4})\)|\d{1,3}[.)]|[a-z]\))[ \t]+(?P<words>\S.{0,30})",
    re.MULTILINE,
)
_MOST = 400
_FEW_LETTERS = 6


def with_marks_of(text: str, plain: str) -> str:
    """Return a page with its items marked as on the page, each on a line of its own.

    Whoever made the text numbers every list from 1, also one that goes on from the page before, and joins
    the lines of items in items: "the fee is: (a) 5 euros; (b) 20 euros".
    """
    for number, marked in enumerate(_MARKED.finditer(plain)):
        words = marked["words"].split()
        if number >= _MOST or len("".join(words)) < _FEW_LETTERS:
            continue
        mark, words_on = re.escape(marked["mark"]), r"\s+".join(map(re.escape, words))
        known = re.compile(rf"(?P<gap>\A|\s+)(?:(?:-|\d{{1,3}}\.)[ ]+(?:{mark}\s+)?|{mark}\s+)(?={words_on})")
        text = known.sub(partial(_as_shown, marked["mark"]), text, count=1)
    return text


def _as_shown(mark: str, found: re.Match[str]) -> str:
    """Return an item's beginning with its own mark, on a line of its own."""
    return f"{_line_end(found['gap'])}{mark} "


def _line_end(gap: str) -> str:
    """Return the white space before an item, with an end of a line in it."""
    return gap if not gap or "\n" in gap else "\n"
