"""Web pages as Markdown: headings, paragraphs, lists, tables and code; scripts and menus left out."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest
from pathlib import Path

from lorewright.documents.content import Content, first_heading
from lorewright.documents.readers.html_page import Page, letters, page_of
from lorewright.documents.readers.html_tree import Element, find, parse
from lorewright.documents.reading import ReadingReport
from lorewright.documents.tables import rows_as_markdown
from lorewright.encoding import decode

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_BROKEN_END = re.compile(r"</(script|style)\b[^>]*>", re.IGNORECASE)
_SAYS_NOTHING = {
    "", "more", "read more", "show more", "see more", "open", "close", "toggle", "expand", "details", "show",
    "mehr", "mehr lesen", "mehr anzeigen", "menu", "plus", "lire la suite", "leer más",
}  # fmt: skip
_MOSTLY = 0.5
_METADATA = {"description", "author", "keywords", "date", "dc.title", "dc.creator", "dc.date"}
_LAYOUT = {"table", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
_MAX_SPAN = 100


def read_html(path: Path) -> Content:
    """Return a page as Markdown; its title is the first heading, or what <title> says."""
    return html_content(path.read_bytes())


def html_content(data: bytes, *, declared: str = "") -> Content:
    """Return the bytes of a page as Markdown; `declared` is the encoding that came with them, if one did."""
    charset = _CHARSET.search(data[:4096])
    page = decode(data, declared=declared or (charset[1].decode("ascii") if charset else ""))
    root = parse(_BROKEN_END.sub(r"</\1>", page))
    content = page_of(root)
    n_visible = letters(root, without=content.furniture)
    text = _Markdown(content).text(root)
    if _n_letters(text) < _MOSTLY * n_visible:
        text = _Markdown(replace(content, shows_hidden=True)).text(root)
    n_furniture = letters(root) - n_visible
    n_choices = sum(_n_letters("".join(_raw(e))) for e in root.descendants() if e.tag == "select")
    report = ReadingReport(n_visible=n_visible, n_kept=_n_letters(text)).with_left_out(
        f"menus, banners and footers ({n_furniture:,} characters)" if n_furniture else ""
    )
    report = report.with_left_out(f"choices of forms ({n_choices:,} characters)" if n_choices else "")
    title = find(root, "title")
    return Content(
        text,
        first_heading(text) or (" ".join("".join(_raw(title)).split()) if title else ""),
        _metadata(root),
        report=report,
    )


def _n_letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _metadata(root: Element) -> dict[str, str]:
    """Return what the page says about itself in <meta name=…>, and its language."""
    html = find(root, "html")
    metadata = {"language": html.attributes["lang"]} if html and html.attributes.get("lang") else {}
    for element in root.descendants():
        name, value = element.attributes.get("name", "").lower(), element.attributes.get("content", "")
        if element.tag == "meta" and name in _METADATA and value.strip():
            metadata[name] = " ".join(value.split())
        elif element.tag == "body":
            break
    return metadata


_SPACE = re.compile(r"\s+")
_AROUND_BREAK = re.compile(r" *\n[ \n]*")
_SPACES = re.compile(r" {2,}")


class _Markdown:
    """Renders the content of one page; knows under which heading it is."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._level = 0
        self._shows_buttons = False

    def text(self, root: Element) -> str:
        """Return the page as Markdown."""
        return "\n\n".join(self._blocks(root))

    def _blocks(self, element: Element) -> list[str]:
        """Return the Markdown blocks inside an element."""
        blocks: list[str] = []
        line: list[str] = []

        def end_line() -> None:
            text = _collapsed("".join(line))
            line.clear()
            if text:
                blocks.append(text)

        for child in element.children:
            if isinstance(child, str):
                line.append(_SPACE.sub(" ", child))
            elif self._leaves_out(child):
                continue
            elif child.is_block or child.holds_blocks:
                end_line()
                blocks += self._rendered(child)
            else:
                line.append(self._inline(child))
        end_line()
        return blocks

    def _inline(self, element: Element) -> str:
        if self._leaves_out(element):
            return ""
        if element.tag == "br":
            return "\n"
        if element.tag == "img":
            return element.attributes.get("alt", "")
        if element.tag == "math":
            return _formula(element)
        text = "".join(
            _SPACE.sub(" ", child) if isinstance(child, str) else self._inline(child)
            for child in element.children
        )
        if element.tag in ("code", "kbd", "samp", "tt") and text.strip() and "`" not in text:
            return f"`{text.strip()}`"
        return text

    def _leaves_out(self, element: Element) -> bool:
        if element.tag == "button" and self._shows_buttons:
            return False
        return self._page.leaves_out(element)

    def _rendered(self, element: Element) -> list[str]:
        """Return the blocks of an element; a part that something opens has its words as a heading."""
        rendering = getattr(self, _RENDERINGS.get(element.tag, "_blocks"))
        opener = self._page.titles.get(id(element))
        if opener is None:
            blocks: list[str] = rendering(element)
            return blocks
        return self._headed(self._label(opener), lambda: rendering(element))

    def _headed(self, title: str, render: Callable[[], list[str]]) -> list[str]:
        """Return blocks under a heading one level below the one they stand under."""
        if not title or title.casefold().strip(" .\u2026+") in _SAYS_NOTHING:
            return render()
        outer = self._level
        self._level = min(outer + 1, 6)
        mark = "#" * self._level
        blocks = render()
        self._level = outer
        return [f"{mark} {title}", *blocks] if blocks else []

    def _label(self, opener: Element) -> str:
        """Return the words of an element that opens something, also where it shows only a sign."""
        showed_buttons, self._shows_buttons = self._shows_buttons, True
        words = " ".join(self._inline_of(opener).replace("#", " ").split())
        self._shows_buttons = showed_buttons
        return words if any(map(str.isalnum, words)) else opener.attributes.get("aria-label", "").strip()

    def _inline_of(self, element: Element) -> str:
        return " ".join(
            child if isinstance(child, str) else self._inline(child) for child in element.children
        )

    def _details(self, element: Element) -> list[str]:
        """Return what is folded away under the words that unfold it."""
        summary = next((e for e in element.children if isinstance(e, Element) and e.tag == "summary"), None)
        title = self._label(summary) if summary else ""
        rest = Element(element.tag, element.attributes)
        rest.children = [child for child in element.children if child is not summary]
        blocks = self._headed(title, lambda: self._blocks(rest))
        return blocks or ([title] if title else [])

    def _one_line(self, element: Element) -> str:
        return " ".join(" ".join(self._blocks(element)).split())

    def _heading(self, element: Element) -> list[str]:
        showed_buttons, self._shows_buttons = self._shows_buttons, True
        title = self._one_line(element)
        self._shows_buttons = showed_buttons
        self._level = int(element.tag[1])
        return [f"{'#' * self._level} {title}"] if title else []

    def _list(self, element: Element) -> list[str]:
        """Return a list as one block, an item a line, with its further lines indented.

        A list of parts that open is none: each stands under its own heading.
        """
        if self._page.unfolds and any(
            id(inner) in self._page.titles or inner.tag == "details" for inner in element.descendants()
        ):
            return [
                block
                for child in element.children
                if isinstance(child, Element)
                for block in self._blocks(child)
            ]
        lines: list[str] = []
        number = 0
        for child in element.children:
            if isinstance(child, str) or self._leaves_out(child):
                continue
            number += child.tag == "li"
            mark = f"{number}. " if element.tag == "ol" else "- "
            inner = "\n".join(self._blocks(child)).replace("\n", "\n  ")
            if inner:
                lines.append(f"{mark}{inner}" if child.tag == "li" else f"  {inner}")
        return ["\n".join(lines)] if lines else []

    def _item(self, element: Element) -> list[str]:
        inner = "\n".join(self._blocks(element)).replace("\n", "\n  ")
        return [f"- {inner}"] if inner else []

    def _terms(self, element: Element) -> list[str]:
        """Return terms with their definitions, each definition on the lines below its term."""
        terms: list[str] = []
        for child in element.children:
            if isinstance(child, str):
                continue
            text = "\n".join(self._blocks(child))
            if text and child.tag == "dd" and terms:
                terms[-1] += f"\n{text}"
            elif text:
                terms.append(text)
        return terms

    def _preformatted(self, element: Element) -> list[str]:
        code = "".join(_raw(element)).strip("\n")
        return [f"```\n{code}\n```"] if code.strip() else []

    def _table(self, element: Element) -> list[str]:
        """Return a table without empty columns; one that only arranges the page gives its cells as blocks."""
        rows = list(_own(element, "tr"))
        cells = [
            [cell for cell in row.children if isinstance(cell, Element) and cell.tag in ("td", "th")]
            for row in rows
        ]
        captions = [block for part in _own(element, "caption") for block in self._blocks(part)]
        if max(map(len, cells), default=0) < 2 or any(_arranges_page(row) for row in cells):
            return captions + [block for row in cells for block in self._arranged(row)]
        grid = _without_empty(self._grid(cells))
        if len(grid) == 1:
            return [*captions, " ".join(grid[0])]
        return (
            [*captions, rows_as_markdown(grid, n_header_rows=_n_header_rows(element, cells))]
            if grid
            else captions
        )

    def _arranged(self, row: Sequence[Element]) -> list[str]:
        if len(row) == 1 or _arranges_page(row):
            return [block for cell in row for block in self._blocks(cell)]
        line = " ".join(filter(None, map(self._one_line, row)))
        return [line] if line else []

    def _grid(self, rows: Sequence[Sequence[Element]]) -> list[list[str]]:
        """Return the texts of the cells by row and column; a cell over several rows stands in each."""
        grid: list[list[str]] = []
        hanging: dict[int, tuple[int, str]] = {}  # column: for how many more rows, which text
        for row in rows:
            line: list[str] = []
            waiting = list(row)
            while waiting or len(line) in hanging:
                if len(line) in hanging:
                    n_rows, text = hanging.pop(len(line))
                    if n_rows > 1:
                        hanging[len(line)] = (n_rows - 1, text)
                    line.append(text)
                    continue
                cell = waiting.pop(0)
                text = self._one_line(cell)
                if _span(cell, "rowspan") > 1:
                    hanging[len(line)] = (_span(cell, "rowspan") - 1, text)
                line += [text, *[""] * (_span(cell, "colspan") - 1)]
            grid.append(line)
        return grid


def _formula(element: Element) -> str:
    """Return a formula as its source where the page has that, or its signs in order."""
    sources = (e for e in element.descendants() if e.tag == "annotation")
    tex = next((e for e in sources if "tex" in e.attributes.get("encoding", "").lower()), None)
    if tex is not None:
        return " ".join("".join(_raw(tex)).split())
    return element.attributes.get("alttext", "") or "".join("".join(_raw(element)).split())


def _collapsed(line: str) -> str:
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", line)).strip()


def _raw(element: Element) -> Iterable[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _raw(child)


def _n_header_rows(element: Element, rows: Sequence[Sequence[Element]]) -> int | None:
    """Return how many rows the page says are names of columns; `None` where it says nothing of them."""
    head = next(iter(_own(element, "thead")), None)
    if head is not None and any(_own(head, "tr")):
        return len(list(_own(head, "tr")))
    n_rows = len(list(takewhile(lambda row: row and all(cell.tag == "th" for cell in row), rows)))
    if n_rows < len(rows):
        is_named_by_row = any(cell.tag == "th" for row in rows for cell in row[:1]) and not any(
            cell.tag == "th" for row in rows for cell in row[1:]
        )
        return n_rows or (0 if is_named_by_row else None)
    return None


def _arranges_page(row: Iterable[Element]) -> bool:
    return any(inner.tag in _LAYOUT for cell in row if cell.holds_blocks for inner in cell.descendants())


def _own(element: Element, tag: str) -> Iterable[Element]:
    """Yield the parts of a table with this tag, not those of tables inside it."""
    for child in element.children:
        if isinstance(child, Element):
            if child.tag == tag:
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from _own(child, tag)


def _span(cell: Element, name: str) -> int:
    value = cell.attributes.get(name, "")
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def _without_empty(grid: list[list[str]]) -> list[list[str]]:
    columns = [column for column in zip_longest(*grid, fillvalue="") if any(column)]
    return [list(row) for row in zip(*columns, strict=True) if any(row)]


_RENDERINGS = {
    **{f"h{level}": "_heading" for level in range(1, 7)},
    "ul": "_list",
    "ol": "_list",
    "menu": "_list",
    "li": "_item",
    "dl": "_terms",
    "pre": "_preformatted",
    "table": "_table",
    "details": "_details",
}
