"""A source as people read it: headings, paragraphs and tables, with passages of it marked."""

import re
from collections.abc import Iterator, Sequence

from nicegui import ui

from lorewright.documents.blocks import Block, blocks
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text

AROUND = 5000
"""Characters of a long source that are shown on each side of the passages."""

Span = tuple[int, int]
_BULLET = re.compile(r"[-*+•◦▪‣][ \t]+")
_RULE = re.compile(r"[|:\s-]*-[|:\s-]*")
"""The line of a table that only says where its heads end."""


def show_passages(text: str, passages: Sequence[Span]) -> None:
    """Show a text around some passages of it, those marked; the first mark has the class `lw-first-mark`."""
    marks = sorted(span for span in passages if text[span[0] : span[1]].strip())
    first = max(0, (marks[0][0] if marks else 0) - AROUND)
    last = min(len(text), (marks[0][1] if marks else 0) + AROUND)
    window = Marked(text[first:last], [(start - first, end - first) for start, end in marks])
    with ui.element("div").classes("lw-source"):
        if first:
            Text("p", t("… earlier text omitted …"), classes="lw-muted lw-small")
        for block in blocks(window.text):
            _block(window, block)
        if last < len(text):
            Text("p", t("… later text omitted …"), classes="lw-muted lw-small")


def show_blocks(text: str, mark: Span) -> None:
    """Show a text with its headings, lists, tables and code as such, and `mark` highlighted."""
    window = Marked(text, [mark] if mark[1] > mark[0] else [])
    for block in blocks(text):
        _block(window, block)


class Marked:
    """A text with marks, shown stretch by stretch."""

    def __init__(self, text: str, marks: Sequence[Span]) -> None:
        self.text, self._marks, self._has_marked = text, marks, False

    def parts(self, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """Yield a stretch in parts, each with whether it is marked."""
        at = start
        for mark_start, mark_end in self._marks:
            left, right = max(mark_start, at), min(mark_end, end)
            if left < right:
                if at < left:
                    yield self.text[at:left], False
                yield self.text[left:right], True
                at = right
        if at < end:
            yield self.text[at:end], False

    def show(self, start: int, end: int) -> None:
        """Show a stretch where we are."""
        for part, is_marked in self.parts(start, end):
            if not is_marked:
                Text("span", part)
                continue
            Text("mark", part, classes="" if self._has_marked else "lw-first-mark")
            self._has_marked = True


def _block(window: Marked, block: Block) -> None:
    if block.kind == "table":
        _table(window, block)
        return
    start = block.start
    if block.kind == "heading":
        raw = window.text[block.start : block.end]
        start += len(raw) - len(raw.lstrip("# \t"))
    tag, look = {
        "heading": ("p", "lw-source-heading"), "code": ("pre", "lw-mono"), "item": ("p", "lw-source-item"),
        "paragraph": ("p", ""),
    }[block.kind]  # fmt: skip
    bullet = _BULLET.match(window.text, start, block.end) if block.kind == "item" else None
    with ui.element(tag).classes(f"lw-pre {look}") as place:
        if bullet:
            Text("span", "• ").props('aria-hidden="true"')
        window.show(bullet.end() if bullet else start, block.end)
    if block.kind == "heading":
        place.props(f"role=heading aria-level={min(6, block.level + 1)}")
        place.classes(f"lw-level-{min(3, block.level)}")


def _table(window: Marked, block: Block) -> None:
    scroll = ui.element("div").classes("lw-scroll").props('tabindex="0"')
    with scroll, ui.element("table").classes("lw-table lw-source-table"), ui.element("tbody"):
        for number, (start, end) in enumerate(block.rows):
            if _RULE.fullmatch(window.text, start, end):
                continue
            with ui.element("tr"):
                for left, right in cells(window.text, start, end):
                    with ui.element("th" if number < block.n_header_rows else "td"):
                        window.show(left, right)


def cells(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield start and end of every cell of a table's row."""
    row = text[start:end]
    inner = row.strip().removeprefix("|").removesuffix("|")
    at = start + row.find(inner)
    for cell in inner.split("|"):
        lead = len(cell) - len(cell.lstrip())
        yield at + lead, at + max(lead, len(cell.rstrip()))
        at += len(cell) + 1
