"""The parts of a chunk that can be shown word for word: sentences, list items, table rows, lines of code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.documents.blocks import Block, blocks
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import sentences

_WORDS = re.compile(r"\w")
_SEPARATOR = re.compile(r"[\s|:+-]+")
_HEADING_WORDS = 3
"""A sentence of at most so many words is a heading of the next one, or says nothing without it."""


@dataclass(frozen=True, slots=True)
class Quotable:
    """A part of a hit's chunk; `start` and `end` are offsets into its text, `lead` what it needs before it.

    The lead of a table row is the table's header, that of a list item the line that announces the list.
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
            announced = last.splitlines()[-1] if last.endswith((":", "：")) else ""  # noqa: RUF001
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
        spans = list(_with_run_in_headings(prose))
        heading = _heading_of_item(prose, spans) if block.kind == "item" else ""
        for start, end in spans[1:] if heading else spans:
            yield block.start + start, block.start + end, heading


def _heading_of_item(prose: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return the first line of a list item where it only heads what follows: "2. Hiring"; else ''."""
    if len(spans) < 2 or "\n" not in prose[spans[0][1] : spans[1][0]]:
        return ""
    first = prose[slice(*spans[0])]
    is_short = len(first.split()) <= _HEADING_WORDS + 1  # its marker counts
    return first if is_short and first[-1].isalnum() else ""


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
