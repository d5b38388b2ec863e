"""What a tagged PDF says of its own structure: headings, lists and tables as their author made them.

Word, LibreOffice, Google Docs and browsers write tags (ISO 32000-1, 14.8); with them nothing is guessed
from where words stand on the page.
"""

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import Any

import pypdfium2.raw as pdfium

from lorewright.documents.pages import Part

_DEEPEST = 100
_MOST_CELLS = 200
_LEFTWARD = 0.2
_HEADING = re.compile(r"H([1-6]?)\Z")
_BLOCKS = frozenset(
    """Document DocumentFragment Part Art Sect Div Aside BlockQuote TOC TOCI Index P L LI Table Figure Caption
    Note FENote Formula Form Title H H1 H2 H3 H4 H5 H6""".split()  # noqa: SIM905
)
_STRUCTURE = re.compile(r"(?:H[1-6]?|Title|L|Table)\Z")
_BULLET = re.compile(r"[^\w]*\Z")
_NUMBERED = re.compile(r"\(?(\w{1,4})[.)]\Z")
_LINE_HYPHEN = re.compile(r"(?<=\w)-[ \t]*\r?\n[ \t]*")
_HYPHEN = "\x02"
"""How PDFium gives a hyphen at the end of a line, or the character below."""
_OTHERWISE = {0x00: "", 0xAD: "", 0xFFFE: _HYPHEN}
_LAST_CHARACTER = 0x10FFFF
_MOST_WAYS = 5_000
"""Ways to lay the cells of a row into columns that are tried at most."""

Extent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TaggedPage:
    """The parts of a page in the order of its tags.

    `rest` is text that no tag holds, `furniture` what the file calls that: running heads, page numbers.
    """

    parts: Sequence[Part]
    rest: str = ""
    furniture: str = ""


@dataclass(slots=True)
class _Texts:
    """The text of a page by its marks, what of it no mark holds, and the characters of each mark."""

    by_mark: Mapping[int, str]
    rest: str
    furniture: str
    page: Any
    places: Mapping[int, Sequence[int]]

    def extent(self, tag: "_Tag") -> Extent | None:
        """Return from where to where what an element says goes on its line, `None` for nothing."""
        places = [place for mark in _marks(tag) for place in self.places.get(mark, ())]
        boxes = [self.page.get_charbox(place) for place in places]
        seen = [box for box in boxes if box[2] > box[0]]
        return (min(box[0] for box in seen), max(box[2] for box in seen)) if seen else None


@dataclass(slots=True)
class _Tag:
    """An element of the structure: its kind, what it says instead of its text, and what is inside."""

    kind: str
    said: str = ""
    columns: int = 1
    rows: int = 1
    inside: list["_Tag | int"] = field(default_factory=list)


def tagged_page(page: Any) -> TaggedPage | None:
    """Return a page as its tags tell it; `None` where they name no heading, list or table."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return None
    try:
        tags = [
            _tag(element, 0)
            for place in range(pdfium.FPDF_StructTree_CountChildren(tree))
            if (element := pdfium.FPDF_StructTree_GetChildAtIndex(tree, place))
        ]
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    if not any(_STRUCTURE.match(kind) for tag in tags for kind in _kinds(tag)):
        return None
    texts = _texts(page)
    if _runs_leftward("".join(texts.by_mark.values())):
        return None  # marks cut lines into runs, and only whole lines tell their order
    for tag in tags:
        _fill_gaps(tag, texts)
    parts = [part for tag in tags for part in _parts(tag, texts.by_mark)]
    named = {mark for tag in tags for mark in _marks(tag)}
    stray = [text for mark, text in texts.by_mark.items() if mark not in named and text.strip()]
    return TaggedPage(parts, "\n".join([*stray, texts.rest]).strip(), texts.furniture)


def _runs_leftward(text: str) -> bool:
    """Tell whether much of a text is Arabic, Hebrew or another script that runs from right to left."""
    letters = [unicodedata.bidirectional(character) for character in text if character.isalpha()]
    return sum(kind in ("R", "AL") for kind in letters) > _LEFTWARD * len(letters)


def _tag(element: Any, depth: int) -> _Tag:
    said = _told(pdfium.FPDF_StructElement_GetActualText, element)
    kind = _told(pdfium.FPDF_StructElement_GetType, element)
    if kind == "Figure" and not said:
        said = _told(pdfium.FPDF_StructElement_GetAltText, element)
    tag = _Tag(kind, said)
    if kind in ("TD", "TH"):
        tag.columns, tag.rows = _span(element, b"ColSpan"), _span(element, b"RowSpan")
    for place in range(pdfium.FPDF_StructElement_CountChildren(element) if depth < _DEEPEST else 0):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, place)
        if mark >= 0:
            tag.inside.append(mark)
        elif child := pdfium.FPDF_StructElement_GetChildAtIndex(element, place):
            tag.inside.append(_tag(child, depth + 1))
    return tag


def _told(ask: Callable[..., int], element: Any) -> str:
    """Return what a function of PDFium writes in UTF-16."""
    size = ask(element, None, 0)
    if size <= 2:
        return ""
    space = ctypes.create_string_buffer(size)
    ask(element, space, size)
    return space.raw[: size - 2].decode("utf-16-le", errors="replace")


def _span(cell: Any, name: bytes) -> int:
    """Return over how many columns or rows a cell goes."""
    for place in range(pdfium.FPDF_StructElement_GetAttributeCount(cell)):
        attribute = pdfium.FPDF_StructElement_GetAttributeAtIndex(cell, place)
        value = pdfium.FPDF_StructElement_Attr_GetValue(attribute, name) if attribute else None
        number = ctypes.c_float()
        if value and pdfium.FPDF_StructElement_Attr_GetNumberValue(value, number):
            return max(1, min(int(number.value), _MOST_CELLS))
    return 1


def _kinds(tag: _Tag) -> Iterator[str]:
    yield tag.kind
    for inside in tag.inside:
        if isinstance(inside, _Tag):
            yield from _kinds(inside)


def _marks(tag: _Tag) -> Iterator[int]:
    for inside in tag.inside:
        if isinstance(inside, _Tag):
            yield from _marks(inside)
        else:
            yield inside


def _texts(page: Any) -> _Texts:
    """Return the characters of a page under the marks of what draws them; spaces belong to what is before."""
    text_page = page.get_textpage()
    by_mark: dict[int, list[str]] = {}
    rest: list[str] = []
    furniture: list[str] = []
    marks: dict[int, int | None] = {}
    into = rest
    places: dict[int, list[int]] = {}
    for place in range(text_page.count_chars()):
        drawn = pdfium.FPDFText_GetTextObject(text_page, place)
        if drawn:
            address = ctypes.cast(drawn, ctypes.c_void_p).value or 0
            if address not in marks:
                marks[address] = _mark(drawn)
            mark = marks[address]
            into = furniture if mark is None else rest if mark < 0 else by_mark.setdefault(mark, [])
            if mark is not None and mark >= 0:
                places.setdefault(mark, []).append(place)
        into.append(_character(pdfium.FPDFText_GetUnicode(text_page, place)))
    pieces = {mark: _joined(characters) for mark, characters in by_mark.items()}
    return _Texts(pieces, _joined(rest), _joined(furniture), text_page, places)


def _joined(characters: Sequence[str]) -> str:
    """Return characters as one text; PDFium gives those beyond the first 65,536 in two halves."""
    return "".join(characters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(code: int) -> str:
    return _OTHERWISE.get(code, chr(code) if code <= _LAST_CHARACTER else "")


def _mark(drawn: Any) -> int | None:
    """Return the mark of what is drawn, -1 without one, `None` for furniture of the page."""
    mark = pdfium.FPDFPageObj_GetMarkedContentID(drawn)
    if mark >= 0:
        return int(mark)
    for place in range(pdfium.FPDFPageObj_CountMarks(drawn)):
        space, size = (ctypes.c_ushort * 32)(), ctypes.c_ulong()
        around = pdfium.FPDFPageObj_GetMark(drawn, place)
        if pdfium.FPDFPageObjMark_GetName(around, space, 64, size) and _name(space, size) == "Artifact":
            return None
    return -1


def _name(space: Any, size: ctypes.c_ulong) -> str:
    return bytes(space)[: max(size.value - 2, 0)].decode("utf-16-le", errors="replace")


def _parts(tag: _Tag, texts: Mapping[int, str]) -> Iterator[Part]:
    """Yield the blocks of an element; what it says between them is a paragraph."""
    heading = _HEADING.match(tag.kind)
    if tag.kind == "Table":
        rows = _grid(tag, texts)
        if any(map(any, rows)):
            yield rows
    elif tag.kind == "L":
        if items := "\n".join(_items(tag, texts, 0)):
            yield items
    elif _is_code(tag, texts):
        yield f"```\n{_lines(tag, texts)}\n```"
    elif heading or tag.kind == "Title":
        if title := _in_one_line(tag, texts):
            yield f"{'#' * (int(heading[1] or 2) if heading else 1)} {title}"
    elif tag.said or not any(_is_block(inside, texts) for inside in tag.inside):
        if text := _plain(tag, texts):
            yield text
    else:
        yield from _mixed(tag, texts)


def _mixed(tag: _Tag, texts: Mapping[int, str]) -> Iterator[Part]:
    """Yield what is inside of an element: blocks, and a paragraph of what stands between two of them."""
    between = _Tag("P")
    for inside in [*tag.inside, _Tag("P")]:
        if isinstance(inside, int) or not _is_block(inside, texts):
            between.inside.append(inside)
            continue
        if text := _plain(between, texts):
            yield text
        between = _Tag("P")
        yield from _parts(inside, texts)


def _is_block(inside: _Tag | int, texts: Mapping[int, str]) -> bool:
    """Tell whether something stands for itself; an element without a meaning, whether one in it does."""
    if isinstance(inside, int):
        return False
    if inside.kind in _BLOCKS or _is_code(inside, texts):
        return True
    return any(_is_block(child, texts) for child in inside.inside)


def _is_code(tag: _Tag, texts: Mapping[int, str]) -> bool:
    """Tell whether an element is code of several lines; other code is part of a sentence."""
    return tag.kind == "Code" and "\n" in _lines(tag, texts)


def _lines(tag: _Tag, texts: Mapping[int, str]) -> str:
    said = "".join(_pieces(tag, texts)).replace(_HYPHEN, "-")
    return said.replace("\r\n", "\n").strip("\n")


def _plain(tag: _Tag, texts: Mapping[int, str]) -> str:
    """Return what an element says without the ends of its lines; a hyphen keeps the one behind it."""
    said = tag.said or "".join(_pieces(tag, texts)).replace(_HYPHEN, "-\n")
    return "-\n".join(" ".join(part.split()) for part in _LINE_HYPHEN.split(said)).strip()


def _in_one_line(tag: _Tag, texts: Mapping[int, str]) -> str:
    return _plain(tag, texts).replace("\n", " ")


def _pieces(tag: _Tag, texts: Mapping[int, str]) -> Iterator[str]:
    """Yield the texts inside of an element; around a block, a space."""
    for inside in tag.inside:
        if isinstance(inside, int):
            yield texts.get(inside, "")
        elif inside.said:
            yield inside.said
        else:
            space = " " if inside.kind in _BLOCKS else ""
            yield from (space, *_pieces(inside, texts), space)


def _fill_gaps(tag: _Tag, texts: _Texts) -> None:
    """Put empty cells into the tables of an element where rows lack cells: browsers leave out empty ones.

    Where the cells of a row stand on the page tells which columns they are of.
    """
    for inside in tag.inside:
        if isinstance(inside, _Tag):
            _fill_gaps(inside, texts)
    rows = [(row, list(_cells(row))) for row in _of_kind(tag, "TR")] if tag.kind == "Table" else []
    n_columns = max((len(cells) for _, cells in rows), default=0)
    if all(len(cells) == n_columns for _, cells in rows) or _has_spans(rows):
        return
    whole = [[texts.extent(cell) for cell in cells] for _, cells in rows if len(cells) == n_columns]
    columns = [_around([row[place] for row in whole]) for place in range(n_columns)]
    for row, cells in rows:
        if len(cells) < n_columns and (laid := _laid([texts.extent(cell) for cell in cells], columns)):
            row.inside = [
                cells[laid.index(place)] if place in laid else _Tag("TD") for place in range(n_columns)
            ]


def _has_spans(rows: Sequence[tuple[_Tag, Sequence[_Tag]]]) -> bool:
    return any(cell.columns > 1 or cell.rows > 1 for _, cells in rows for cell in cells)


def _around(extents: Sequence[Extent | None]) -> Extent | None:
    """Return what holds all of these, `None` for none."""
    seen = [extent for extent in extents if extent]
    return (min(left for left, _ in seen), max(right for _, right in seen)) if seen else None


def _laid(cells: Sequence[Extent | None], columns: Sequence[Extent | None]) -> tuple[int, ...]:
    """Return the columns, in order, that cells lie over best; none where one of them is nowhere."""
    if None in cells or not cells or comb(len(columns), len(cells)) > _MOST_WAYS:
        return ()
    ways = combinations([place for place, column in enumerate(columns) if column], len(cells))
    return min(
        ways, default=(),
        key=lambda way: sum(_beside(cell, columns[place]) for cell, place in zip(cells, way, strict=True)),
    )  # fmt: skip


def _beside(cell: Extent | None, column: Extent | None) -> float:
    """Return how far a cell lies from its column: the gap between them, and less so that of their edges."""
    if not cell or not column:
        return 0.0
    gap = max(cell[0] - column[1], column[0] - cell[1], 0.0)
    return gap + min(abs(cell[0] - column[0]), abs(cell[1] - column[1])) / 100


def _grid(table: _Tag, texts: Mapping[int, str]) -> list[list[str]]:
    """Return the rows of a table; a cell over several columns or rows stands in each."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # of every column, for how many rows more a cell goes on
    for row in _of_kind(table, "TR"):
        cells: list[str] = []
        below = dict(hanging)
        for cell in _cells(row):
            while len(cells) in hanging:
                cells.append(hanging[len(cells)][1])
            text = _in_one_line(cell, texts)
            for _ in range(cell.columns):
                below[len(cells)] = (cell.rows, text)
                cells.append(text)
        while len(cells) in hanging:
            cells.append(hanging[len(cells)][1])
        grid.append(cells)
        hanging = {place: (n - 1, text) for place, (n, text) in below.items() if n > 1}
    return grid


def _cells(row: _Tag) -> Iterator[_Tag]:
    for inside in row.inside:
        if isinstance(inside, _Tag):
            if inside.kind in ("TD", "TH"):
                yield inside
            else:
                yield from _cells(inside)


def _items(tag: _Tag, texts: Mapping[int, str], depth: int) -> Iterator[str]:
    """Yield the lines of a list, those of lists in it moved to the right."""
    for inside in tag.inside:
        if isinstance(inside, int):
            continue
        if inside.kind == "L":
            yield from _items(inside, texts, depth + 1)
        else:
            yield from _item(inside, texts, depth)


def _item(tag: _Tag, texts: Mapping[int, str], depth: int) -> Iterator[str]:
    label = " ".join(_plain(part, texts) for part in _of_kind(tag, "Lbl"))
    body = _Tag(tag.kind, tag.said, inside=_without(tag, ("Lbl", "L")))
    if text := _plain(body, texts):
        yield f"{'  ' * depth}{_marker(label)}{text}"
    for part in _of_kind(tag, "L"):
        yield from _items(part, texts, depth + 1)


def _marker(label: str) -> str:
    """Return how Markdown writes a list item's label."""
    label = label.strip()
    if numbered := _NUMBERED.match(label):
        return f"{numbered[1]}. " if numbered[1].isdigit() else f"- {label} "
    return "- " if _BULLET.match(label) else f"- {label} "


def _of_kind(tag: _Tag, kind: str) -> Iterator[_Tag]:
    """Yield the outermost elements of a kind inside of another."""
    for inside in tag.inside:
        if isinstance(inside, _Tag):
            if inside.kind == kind:
                yield inside
            else:
                yield from _of_kind(inside, kind)


def _without(tag: _Tag, kinds: Sequence[str]) -> list["_Tag | int"]:
    """Return what is inside of an element without the elements of some kinds."""
    kept: list[_Tag | int] = []
    for inside in tag.inside:
        if isinstance(inside, int):
            kept.append(inside)
        elif inside.kind not in kinds:
            kept.append(_Tag(inside.kind, inside.said, inside=_without(inside, kinds)))
    return kept
