"""The structure of a Markdown text: headings, paragraphs, list items, tables and code, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lorewright.documents.columns import are_facts, count_header_rows

BlockKind = Literal["heading", "paragraph", "item", "table", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text that belongs together; `start` and `end` are character offsets.

    A heading has a `level` (1 to 6) and a `title` without markup.
    A table has the places of its `rows`; the first `n_header_rows` of them name the columns.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    title: str = ""
    rows: tuple[tuple[int, int], ...] = ()
    n_header_rows: int = 0


ITEM_MARK = r"(?:[-*+•◦▪‣]|\d{1,4}[.)]|[a-zA-Z][.)]|\((?:\d{1,3}|[a-zA-Z]{1,2}|[ivxIVX]{1,5})\))[ \t]"
"""The pattern of what begins a list item."""

# Group names are the kinds of lines; the first that matches wins.
_LINE = re.compile(
    r"[ \t]*(?:(?P<blank>(?=\n|\Z))"
    r"|(?P<heading>#{1,6}(?=[ \t\n]|\Z))"
    r"|(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<row>\|)"
    r"|(?P<rule>[-*_](?:[ \t]*[-*_]){2,}[ \t]*$)"
    rf"|(?P<item>{ITEM_MARK})"
    r"|(?P<text>))[^\n]*",
    re.MULTILINE,
)
_SEPARATOR = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?=\n|\Z)")
_UNDERLINE = re.compile(r" {0,3}(?:(?P<one>=+)|(?P<two>-{2,}))[ \t]*(?=\n|\Z)")
BAR = re.compile(r"(?<!\\)\|")
_SAMPLE_ROWS = 200
_MARKUP = re.compile(r"<[^<>]*>|!?\[(?P<label>[^\[\]]*)\]\([^()]*\)|\\(?P<escaped>[!-/:-@\[-`{-~])|[*`]+")


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in order; between them is nothing but white space and rules."""
    position, length = 0, len(text)
    unclosed: dict[str, int] = {}  # shortest fence of each kind that nothing further down closes
    while position < length:
        line = _match(text, position)
        kind = line.lastgroup
        if kind in ("blank", "rule"):
            position = line.end() + 1
            continue
        if kind == "heading" and line.start("heading") - position < 4:
            block = _heading(text, line)
        elif kind == "fence":
            block = _code(text, line, unclosed)
        elif kind == "row" or _is_table_header(text, line):
            block = _table(text, line)
        elif kind == "item":
            block = Block("item", line.start("item"), _end_of_prose(text, line))
        else:
            block = _paragraph(text, line)
        yield block
        position = text.find("\n", block.end) + 1 or length


def _match(text: str, position: int) -> re.Match[str]:
    match = _LINE.match(text, position)
    assert match is not None, "the last alternative is empty"
    return match


def _heading(text: str, line: re.Match[str]) -> Block:
    hashes = line.end("heading") - line.start("heading")
    title = text[line.end("heading") : line.end()].strip()
    bare = title.rstrip("#")
    closed = bare.rstrip() if bare != title and (not bare or bare[-1] in " \t") else title
    return Block("heading", line.start("heading"), line.end(), hashes, plain(closed))


def _code(text: str, line: re.Match[str], unclosed: dict[str, int]) -> Block:
    """Return the fenced block that opens here; a fence that nothing closes is only a line."""
    fence = line["fence"]
    closed = None
    if len(fence) < unclosed.get(fence[0], 1_000):
        closing = re.compile(rf"^[ \t]*{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        closed = closing.search(text, line.end())
    if closed is None:
        unclosed[fence[0]] = min(len(fence), unclosed.get(fence[0], 1_000))
    return Block("code", line.start("fence"), closed.end() if closed else line.end())


def _is_table_header(text: str, line: re.Match[str]) -> bool:
    """Return whether the next line separates a table's header from its rows."""
    if "|" not in line.group():
        return False
    separator = _SEPARATOR.match(text, line.end() + 1)
    return separator is not None and "|" in separator.group()


def _table(text: str, line: re.Match[str]) -> Block:
    rows = []
    n_header_rows = 0
    while True:
        rows.append((line.start(), line.end()))
        if not n_header_rows and len(rows) > 1 and _SEPARATOR.fullmatch(line.group()):
            n_header_rows = len(rows)
        if line.end() >= len(text):
            break
        line = _match(text, line.end() + 1)
        if line.lastgroup != "row" and (line.lastgroup != "text" or "|" not in line.group()):
            break
    return Block(
        "table",
        rows[0][0],
        rows[-1][1],
        rows=tuple(rows),
        n_header_rows=_count_header_rows(text, rows, n_header_rows),
    )


def _count_header_rows(text: str, rows: list[tuple[int, int]], n_marked: int) -> int:
    """Return how many rows name the columns: those above the separating line, which may be empty.

    Below an empty one, and where no line separates, the names are found as in any table; facts have none.
    """
    if n_marked and any(map(str.isalnum, text[rows[0][0] : rows[n_marked - 1][1]])):
        return n_marked
    cells = [_cells(text[start:end]) for start, end in rows[n_marked : n_marked + _SAMPLE_ROWS]]
    if not cells or (n_marked and are_facts(cells)):
        return n_marked
    return n_marked + count_header_rows(cells)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in BAR.split(row.strip().removeprefix("|").removesuffix("|"))]


def _paragraph(text: str, line: re.Match[str]) -> Block:
    end = _end_of_prose(text, line)
    first = text[line.start() : line.end()].strip()
    underline = _UNDERLINE.match(text, line.end() + 1)
    if underline and first:
        level = 1 if underline.group("one") else 2
        return Block("heading", line.end() - len(line.group().lstrip()), underline.end(), level, plain(first))
    return Block("paragraph", line.end() - len(line.group().lstrip()), end)


def _end_of_prose(text: str, line: re.Match[str]) -> int:
    """Return where the paragraph or list item ends that begins with this line."""
    while line.end() < len(text):
        following = _match(text, line.end() + 1)
        if following.lastgroup != "text" or _is_table_header(text, following):
            break
        line = following
    return line.end()


def plain(title: str) -> str:
    """Return a heading's words without Markdown or HTML markup."""
    bare = _MARKUP.sub(lambda match: match["escaped"] or plain(match["label"] or ""), title)
    return " ".join(bare.split())
