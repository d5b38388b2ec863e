"""Web pages as Markdown: headings, paragraphs, lists, tables and code; scripts and menus left out."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile, zip_longest
from pathlib import Path

from lorewright.documents.content import Content, first_heading
from lorewright.documents.encoding import decode
from lorewright.documents.readers.html_tree import Element, find, parse
from lorewright.documents.tables import rows_as_markdown

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_BROKEN_END = re.compile(r"</(script|style)\b[^>]*>", re.IGNORECASE)
_LEFT_OUT = {
    "audio", "button", "canvas", "head", "iframe", "map", "nav", "noscript", "script", "select", "style",
    "svg", "template", "title", "video",
}  # fmt: skip
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
    text = "\n\n".join(_blocks(root))
    title = find(root, "title")
    return Content(text, first_heading(text) or (_one_line(title) if title else ""), _metadata(root))


def _metadata(root: Element) -> dict[str, str]:
    """Return what the page says about itself in <meta name=…>, and its language."""
    html = find(root, "html")
    found = {"language": html.attributes["lang"]} if html and html.attributes.get("lang") else {}
    for element in root.descendants():
        name, value = element.attributes.get("name", "").lower(), element.attributes.get("content", "")
        if element.tag == "meta" and name in _METADATA and value.strip():
            found[name] = " ".join(value.split())
        elif element.tag == "body":
            break
    return found


def _blocks(element: Element) -> list[str]:
    """Return the Markdown blocks inside an element."""
    found: list[str] = []
    line: list[str] = []

    def end_line() -> None:
        text = _collapsed("".join(line))
        line.clear()
        if text:
            found.append(text)

    for child in element.children:
        if isinstance(child, str):
            line.append(_SPACE.sub(" ", child))
        elif child.tag in _LEFT_OUT or "hidden" in child.attributes:
            continue
        elif child.is_block or child.holds_blocks:
            end_line()
            found += _RENDERINGS.get(child.tag, _blocks)(child)
        else:
            line.append(_inline(child))
    end_line()
    return found


_SPACE = re.compile(r"\s+")
_AROUND_BREAK = re.compile(r" *\n[ \n]*")
_SPACES = re.compile(r" {2,}")


def _collapsed(line: str) -> str:
    return _AROUND_BREAK.sub("\n", _SPACES.sub(" ", line)).strip()


def _inline(element: Element) -> str:
    if element.tag in _LEFT_OUT or "hidden" in element.attributes:
        return ""
    if element.tag == "br":
        return "\n"
    if element.tag == "img":
        return element.attributes.get("alt", "")
    text = "".join(
        _SPACE.sub(" ", child) if isinstance(child, str) else _inline(child) for child in element.children
    )
    if element.tag in ("code", "kbd", "samp", "tt") and text.strip() and "`" not in text:
        return f"`{text.strip()}`"
    return text


def _one_line(element: Element) -> str:
    return " ".join(" ".join(_blocks(element)).split())


def _heading(element: Element) -> list[str]:
    title = _one_line(element)
    return [f"{'#' * int(element.tag[1])} {title}"] if title else []


def _list(element: Element) -> list[str]:
    """Return a list as one block, an item a line, with its further lines indented."""
    lines: list[str] = []
    number = 0
    for child in element.children:
        if isinstance(child, str):
            continue
        number += child.tag == "li"
        mark = f"{number}. " if element.tag == "ol" else "- "
        inner = "\n".join(_blocks(child)).replace("\n", "\n  ")
        if inner:
            lines.append(f"{mark}{inner}" if child.tag == "li" else f"  {inner}")
    return ["\n".join(lines)] if lines else []


def _item(element: Element) -> list[str]:
    inner = "\n".join(_blocks(element)).replace("\n", "\n  ")
    return [f"- {inner}"] if inner else []


def _terms(element: Element) -> list[str]:
    """Return terms with their definitions, each definition on the lines below its term."""
    found: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            continue
        text = "\n".join(_blocks(child))
        if text and child.tag == "dd" and found:
            found[-1] += f"\n{text}"
        elif text:
            found.append(text)
    return found


def _preformatted(element: Element) -> list[str]:
    code = "".join(_raw(element)).strip("\n")
    return [f"```\n{code}\n```"] if code.strip() else []


def _raw(element: Element) -> Iterable[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _raw(child)


def _table(element: Element) -> list[str]:
    """Return a table, without empty columns; one that only arranges the page gives its cells as blocks."""
    rows = list(_own(element, "tr"))
    cells = [
        [cell for cell in row.children if isinstance(cell, Element) and cell.tag in ("td", "th")]
        for row in rows
    ]
    captions = [block for part in _own(element, "caption") for block in _blocks(part)]
    if max(map(len, cells), default=0) < 2 or any(_arranges_page(row) for row in cells):
        return captions + [block for row in cells for block in _arranged(row)]
    grid = _without_empty(_grid(cells))
    if len(grid) == 1:
        return [*captions, " ".join(grid[0])]
    return (
        [*captions, rows_as_markdown(grid, n_header_rows=_n_header_rows(element, cells))]
        if grid
        else captions
    )


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


def _arranged(row: Sequence[Element]) -> list[str]:
    if len(row) == 1 or _arranges_page(row):
        return [block for cell in row for block in _blocks(cell)]
    line = " ".join(filter(None, map(_one_line, row)))
    return [line] if line else []


def _own(element: Element, tag: str) -> Iterable[Element]:
    """Yield the parts of a table with this tag, not those of tables inside it."""
    for child in element.children:
        if isinstance(child, Element):
            if child.tag == tag:
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from _own(child, tag)


def _grid(rows: Sequence[Sequence[Element]]) -> list[list[str]]:
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
            text = _one_line(cell)
            if _span(cell, "rowspan") > 1:
                hanging[len(line)] = (_span(cell, "rowspan") - 1, text)
            line += [text, *[""] * (_span(cell, "colspan") - 1)]
        grid.append(line)
    return grid


def _span(cell: Element, name: str) -> int:
    value = cell.attributes.get(name, "")
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def _without_empty(grid: list[list[str]]) -> list[list[str]]:
    columns = [column for column in zip_longest(*grid, fillvalue="") if any(column)]
    return [list(row) for row in zip(*columns, strict=True) if any(row)]


_RENDERINGS: dict[str, Callable[[Element], list[str]]] = {
    **{f"h{level}": _heading for level in range(1, 7)},
    "ul": _list,
    "ol": _list,
    "menu": _list,
    "li": _item,
    "dl": _terms,
    "pre": _preformatted,
    "table": _table,
}
