"""Headings of plain text that are written in capitals, as in manuals and recipes, marked as headings."""

import re
from collections.abc import Sequence

_LEAST = 2
_MOST_WORDS = 8
_LEVEL = 2


def with_capital_headings(text: str) -> str:
    """Return a text in which lines in capitals are headings, where several stand above other lines.

    A text that has headings already, or shouts all the time, stays as it is.
    """
    lines = text.split("\n")
    if any(re.match(r"#{1,6} ", line) for line in lines):
        return text
    found = [number for number in range(len(lines)) if _is_heading(lines, number)]
    n_filled = sum(bool(line.strip()) for line in lines)
    if len(found) < _LEAST or 2 * sum(line.isupper() for line in lines) > n_filled:
        return text
    chosen = set(found)
    return "\n".join(
        f"{'#' * _LEVEL} {line.strip()}\n" if n in chosen else line for n, line in enumerate(lines)
    )


def _is_heading(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line in capitals begins a part: behind an empty line, with something below it."""
    line = lines[number]
    words = line.split()
    if not line.isupper() or line != line.lstrip() or len(words) > _MOST_WORDS or "|" in line:
        return False
    is_word = any(len(word) > 1 and word.isalpha() for word in words)
    has_end = line.rstrip()[-1].isalnum() or line.rstrip().endswith((")", ":"))
    begins = number == 0 or not lines[number - 1].strip()
    below = next((below for below in lines[number + 1 : number + 3] if below.strip()), "")
    return is_word and has_end and begins and bool(below) and not below.isupper() and "  " not in line.strip()
