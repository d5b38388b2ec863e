"""Parts of a PDF's page as xberg finds them, mended by PDFium's words and by where these stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import pypdfium2

from lorewright.documents.pages import Part

_MOST_PIECES = 8
"""Pieces that a torn word has at most."""
_BARE_SHARE = 0.5
"""Of a column without a name, the share of the cells from which on it is a column of its own."""

_LINE = re.compile(r"[^\r\n]+")
_SAME_EDGE, _SET_APART = 3.0, 20.0
"""Points within which lines begin at the same edge, and from which on one stands at the right of another."""
_BOXES = ("__", "☐", "☑", "✓")
_OPENING = frozenset("\"'(“„«#€$£")
_BLOCK = re.compile(r"#{1,6} |[-*•] |\d+[.)] |\||```")

Span = tuple[float, float]
"""From where to where on a line something stands, in points."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, and from where to where it goes, in points."""

    text: str
    left: float
    right: float

    @property
    def first_word_width(self) -> float:
        """About how much room its first word takes, with a space before it."""
        return (self.right - self.left) * (len(self.text.split(" ", 1)[0]) + 1) / len(self.text)


def lines_of(text_page: Any, text: str) -> tuple[Line, ...]:
    """Return the lines of a page that hold something; `text` is all that PDFium finds on it."""
    found = ((match.group(), match.span()) for match in _LINE.finditer(text))
    return tuple(
        Line(said.strip(), *span)
        for said, (start, end) in found
        if said.strip()
        for span in _span(text_page, start, end)
    )


def with_lines_apart(parts: Sequence[Part], lines: Sequence[Line]) -> list[Part]:
    """Return the parts of a page with a line each where one was ended on purpose: opening hours, addresses.

    They end early: the first word of the next would have had room, up to where other lines end that begin
    at the same edge. Or they stand at the right, as dates of letters do. What follows begins something: not
    with a small letter or a sign that goes on.
    """
    return [_apart(part, lines) if isinstance(part, str) else part for part in parts]


def _apart(part: str, lines: Sequence[Line]) -> str:
    words = part.split()
    if "\n" in part or _BLOCK.match(part) or not words:
        return part
    for first, line in enumerate(lines):
        if line.text.split()[0] == words[0]:
            own = _filling(words, lines[first:])
            if own:
                ends = ["\n" if _is_ended(*pair, lines) else " " for pair in pairwise(own)]
                return "".join(one.text + end for one, end in zip(own, [*ends, ""], strict=True))
    return part


def _filling(words: Sequence[str], lines: Sequence[Line]) -> Sequence[Line]:
    """Return the first lines that together are these words, nothing where none are."""
    n_words = 0
    for n, line in enumerate(lines, start=1):
        own = line.text.split()
        if own != words[n_words : n_words + len(own)]:
            return ()
        n_words += len(own)
        if n_words == len(words):
            return lines[:n]
    return ()


def _is_ended(line: Line, after: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line was ended on purpose: early, or since it stands at the right of the next one."""
    if not _begins(after.text):
        return False
    width = max(other.right for other in lines) - min(other.left for other in lines)
    if line.left - after.left > _SET_APART and line.right - line.left < width / 2:
        return True
    edge = max(other.right for other in lines if abs(other.left - line.left) <= _SAME_EDGE)
    return edge - line.right > after.first_word_width


def _begins(text: str) -> bool:
    """Tell whether a line begins something, as far as its first signs say: not with a small letter."""
    first = next(filter(str.isalnum, text), "")
    is_open = _OPENING.issuperset(text[: text.find(first)]) if first else False
    return text.startswith(_BOXES) or (is_open and not first.islower())


def with_whole_words(parts: Sequence[Part], plain: str) -> list[Part]:
    """Return the parts of a page with the words whole that the plain text of the page has whole.

    Letters that are moved closer together, as in "VAT" or "To", look like words of their own: "V A T".
    """
    known = frozenset(plain.split())
    return [
        _joined(part, known)
        if isinstance(part, str)
        else _without_shreds(_names_alone([[_joined(cell, known) for cell in row] for row in part], plain))
        for part in parts
    ]


def _names_alone(rows: list[list[str]], plain: str) -> list[list[str]]:
    """Return the rows with the names of columns in a row of their own, where the first row is in it too.

    Its numbers stand under names that have none, and its words are the next line of the page.
    """
    if not rows:
        return rows
    lines = [line.split() for line in plain.splitlines()]
    for names, first in pairwise(lines):
        split = _split(rows[0], names, first)
        if split and all(split[0]) and _has_number(split[1][-1]) and not _has_number("".join(split[0])):
            return [*split, *rows[1:]]
    return rows


def _split(
    row: Sequence[str], above: Sequence[str], below: Sequence[str]
) -> tuple[list[str], list[str]] | None:
    """Return a row as two, where every cell is words of one line with words of the next below them."""
    upper: list[str] = []
    lower: list[str] = []
    n_above = n_below = 0
    for cell in row:
        words = cell.split()
        n_own = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, above[n_above:], strict=False))
        )
        rest = words[n_own:]
        if rest != list(below[n_below : n_below + len(rest)]):
            return None
        upper.append(" ".join(words[:n_own]))
        lower.append(" ".join(rest))
        n_above, n_below = n_above + n_own, n_below + len(rest)
    return (upper, lower) if n_above == len(above) and n_below == len(below) and n_below else None


def _has_number(text: str) -> bool:
    return any(map(str.isdigit, text))


def _joined(text: str, known: frozenset[str]) -> str:
    return "\n".join(_joined_line(line, known) for line in text.split("\n"))


def _joined_line(line: str, known: frozenset[str]) -> str:
    pieces = line.split(" ")
    if known.issuperset(pieces):
        return line
    whole: list[str] = []
    place = 0
    while place < len(pieces):
        n = next((n for n in range(_MOST_PIECES, 1, -1) if _is_torn(pieces[place : place + n], n, known)), 1)
        whole.append("".join(pieces[place : place + n]))
        place += n
    return " ".join(whole)


def _is_torn(pieces: Sequence[str], n: int, known: frozenset[str]) -> bool:
    """Tell whether so many pieces are one word of the page, and not words of it each."""
    return len(pieces) == n and all(pieces) and "".join(pieces) in known and not known.issuperset(pieces)


def _without_shreds(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without columns that have no name and hardly a cell: their cells go to the left."""
    kept = rows
    for column in range(max(map(len, rows), default=0) - 1, 0, -1):
        cells = [row[column] if column < len(row) else "" for row in kept]
        n_filled = sum(map(bool, cells))
        if cells[0] or not 0 < n_filled < _BARE_SHARE * len(cells):
            continue
        kept = [
            [*row[: column - 1], " ".join(filter(None, row[column - 1 : column + 1])), *row[column + 1 :]]
            for row in kept
        ]
    return kept


def with_names_apart(path: Path, pages: Sequence[list[Part]]) -> list[list[Part]]:
    """Return the pages with the names of columns over their own columns, where two stood over the first.

    Names above numbers that stand at the right of their columns lie closer to each other than to any number.
    """
    unclear = [number for number, page in enumerate(pages) if any(map(_merged_names, page))]
    if not unclear:
        return list(pages)
    mended = list(pages)
    with pypdfium2.PdfDocument(path) as document:
        for number in unclear:
            text_page = document[number].get_textpage()
            text = text_page.get_text_range()
            mended[number] = [
                part if isinstance(part, str) else _named(part, text_page, text) for part in pages[number]
            ]
    return mended


def _merged_names(part: Part) -> list[int]:
    """Return the columns of a table whose name may be two: the next one has cells, and no name."""
    if isinstance(part, str) or len(part) < 2:
        return []
    names, rows = part[0], part[1:]
    return [
        column
        for column in range(len(names) - 1)
        if " " in names[column]
        and not names[column + 1]
        and sum(bool(row[column + 1]) for row in rows if column + 1 < len(row)) >= _BARE_SHARE * len(rows)
    ]


def _named(rows: list[list[str]], text_page: Any, text: str) -> list[list[str]]:
    names = list(rows[0])
    for column in _merged_names(rows):
        words = names[column].split(" ")
        here = _spans(text_page, text, rows[0], column)
        own, others = (
            [span for row in rows[1:] for span in _spans(text_page, text, row, place)[:1]]
            for place in (column, column + 1)
        )
        if len(here) != len(words) or not own or not others:
            continue
        at = min(
            range(1, len(words) + 1),
            key=lambda n: _distance(here[:n], own) + (_distance(here[n:], others) if n < len(words) else 0.0),
        )
        names[column : column + 2] = [" ".join(words[:at]), " ".join(words[at:])]
    return [names, *rows[1:]]


def _spans(text_page: Any, text: str, row: Sequence[str], column: int) -> list[Span]:
    """Return where the words of one cell stand, nothing where its row is no line of the page."""
    words = [(place, word) for place, cell in enumerate(row) for word in cell.split()]
    line = re.search(r"\s+".join(f"({re.escape(word)})" for _, word in words), text) if words else None
    if line is None:
        return []
    starts = [line.span(number) for number, (place, _) in enumerate(words, start=1) if place == column]
    return [span for start, end in starts for span in _span(text_page, start, end)]


def _span(text_page: Any, start: int, end: int) -> Iterator[Span]:
    boxes = [text_page.get_rect(n) for n in range(text_page.count_rects(start, end - start))]
    if boxes:
        yield min(box[0] for box in boxes), max(box[2] for box in boxes)


def _distance(words: Sequence[Span], cells: Sequence[Span]) -> float:
    """Return how far words lie from standing over cells: at their left, at their right or in their middle."""
    left, right = min(span[0] for span in words), max(span[1] for span in words)
    first, last = min(span[0] for span in cells), max(span[1] for span in cells)
    return min(abs(left - first), abs(right - last), abs(left + right - first - last) / 2)
