"""The parts of a chunk that can be shown word for word: sentences, list items, table rows, lines of code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.documents.blocks import Block, blocks
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import sentences

_WORDS = re.compile(r"\w")
_SEPARATOR = re.compile(r"[\s|:+-]+")
_COLONS = (":", "：")  # noqa: RUF001
_ITEM = re.compile(r"(?:[-*+•◦▪‣]|\d{1,4}[.)]|[a-zA-Z][.)])[ \t]")
ENTRY = re.compile(r"[^\W\d_][\w .\-/]{0,40}:[ \t]+(?P<value>\S.{0,300})")
"""A line of a record, as it is read of JSON and YAML: a name and its value."""
_HEADING_WORDS = 3
"""A sentence of at most so many words is a heading of the next one, or says nothing without it."""


@dataclass(frozen=True, slots=True)
class Quotable:
    """A part of a hit's chunk; `start` and `end` are offsets into its text, `lead` what it needs before it.

    The lead of a table row is the table's header, that of a list item the line that announces the list,
    that of a line of a record its first line.
    """

    hit: Hit
    start: int
    end: int
    kind: str
    place: int
    lead: str = ""

    @property
    def text(self) -> str:
        """Return it word for word."""
        return self.hit.chunk.text[self.start : self.end]


def quotables(hit: Hit) -> list[Quotable]:
    """Return the parts of a hit in the order of its text; headings alone are none."""
    text = hit.chunk.text
    parts: list[Quotable] = []
    announced = ""
    for block in blocks(text):
        lead = announced if block.kind in ("item", "table", "code") else ""
        for start, end, own in _parts(text, block, hit.chunk.header):
            if _WORDS.search(text, start, end):
                parts.append(Quotable(hit, start, end, block.kind, len(parts), own or lead))
        if block.kind == "paragraph":
            last = text[block.start : block.end].strip()
            announced = last.splitlines()[-1] if last.endswith(_COLONS) else ""
        elif block.kind == "heading":
            announced = ""
    return parts


def _parts(text: str, block: Block, header: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and lead of the parts of one block."""
    if block.kind == "heading":
        return
    if block.kind == "table":
        yield from _rows(text, block, header)
    elif block.kind == "code":
        for line in re.finditer(r"[^\n]+", text[block.start : block.end]):
            if not line.group().lstrip().startswith(("```", "~~~")):
                yield block.start + line.start(), block.start + line.end(), ""
    else:
        prose = text[block.start : block.end]
        for start, end, lead in _led(prose, list(_with_run_in_headings(prose))):
            yield block.start + start, block.start + end, lead


def _led(prose: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Yield the sentences of a block, each with the line above it that it needs.

    That is a line that ends with a colon, the first line of a list item that only heads it
    ("2. Hiring"), or the first line of a record, which says what the others are about.
    """
    lines = [prose[start:end] for start, end in spans]
    is_record = len(lines) > 1 and all(map(ENTRY.fullmatch, lines))
    lead = ""
    for place, (start, end) in enumerate(spans):
        is_last = place + 1 == len(spans)
        ends_line = not is_last and "\n" in prose[end : spans[place + 1][0]]
        if ends_line and (lines[place].endswith(_COLONS) or (place == 0 and _heads_item(lines[0]))):
            lead = lines[place]
            continue
        yield start, end, lead
        lead = lines[0] if is_record else lead


def _heads_item(line: str) -> bool:
    """Tell whether the first line of a block is the marker of a list item with a few words behind it."""
    return bool(_ITEM.match(line)) and len(line.split()) <= _HEADING_WORDS + 1 and line[-1].isalnum()


def _with_run_in_headings(prose: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences; one of a few words, such as "Termination.", goes with the one it heads."""
    heading: tuple[int, int] | None = None
    for start, end in sentences(prose):
        if heading is not None and "\n" not in prose[heading[1] : start]:
            start = heading[0]
        elif heading is not None:
            yield heading
        heading = None
        if prose[start:end].endswith(".") and len(prose[start:end].split()) <= _HEADING_WORDS:
            heading = start, end
        else:
            yield start, end
    if heading is not None:
        yield heading


def _rows(text: str, block: Block, header: str) -> Iterator[tuple[int, int, str]]:
    if header:
        first, n_header = header.splitlines()[0], 0
    else:
        n_header = min(block.n_header_rows, len(block.rows) - 1)
        first = text[slice(*block.rows[0])] if n_header else ""
    for start, end in block.rows[n_header:]:
        if not _SEPARATOR.fullmatch(text, start, end):
            yield start, end, first.strip()
