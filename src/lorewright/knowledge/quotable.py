"""The parts of a chunk that can be shown word for word: sentences, list items, table rows, lines of code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, zip_longest

from lorewright.documents.announcing import announces, asks
from lorewright.documents.blocks import Block, blocks
from lorewright.documents.chat_lines import is_talk, with_questions
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.leads import HEADING_WORDS, led
from lorewright.knowledge.words import sentences

_WORDS = re.compile(r"\w")
_SEPARATOR = re.compile(r"[\s|:+-]+")
_SHORT_ITEM = re.compile(r"[-*+•–][^\n?]{1,250}(?<!:)")  # noqa: RUF001
"""An item of a list that is one thought: its second sentence says what the first one leaves open."""
_LED = ("item", "table", "code")


@dataclass(frozen=True, slots=True)
class Quotable:
    """A part of a hit's chunk; `start` and `end` are offsets into its text, `lead` what it needs before it.

    The lead of a table row is the table's header, that of a list item the line that announces the list,
    that of an answer the question above it (see `leads`).
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
    above: list[Block] = []  # the items that one belongs to
    found = list(blocks(text))
    for block, following in zip_longest(found, found[1:]):
        is_lead_for = block.kind in _LED or asks(announced)
        above = _items_above(text, block, above)
        belongs_to = text[above[-1].start : above[-1].end] if above else ""
        for start, end, own in _parts(text, block, hit.chunk.header, following):
            if _WORDS.search(text, start, end):
                lead = own or belongs_to or (announced if is_lead_for else "")
                parts.append(Quotable(hit, start, end, block.kind, len(parts), lead))
        if block.kind == "paragraph":
            announced = _announcement(text[block.start : block.end])
        elif block.kind == "heading":
            announced = ""
        elif block.kind == "item":
            above.append(block)
    return parts


def _items_above(text: str, block: Block, above: list[Block]) -> list[Block]:
    """Return those of some items that a block stands further to the right of; only an item has any."""
    if block.kind != "item":
        return []
    return [item for item in above if indent(text, item.start) < indent(text, block.start)]


def indent(text: str, place: int) -> int:
    """Return how far to the right a line begins in which nothing but white space stands before a place."""
    return place - text.rfind("\n", 0, place) - 1


def _announcement(prose: str) -> str:
    """Return the sentence with which a paragraph announces what comes below it, '' where it does not."""
    last = [prose[start:end] for start, end in sentences(prose)][-1:]
    return last[0] if last and announces(last[0]) else ""


def _parts(text: str, block: Block, header: str, following: Block | None) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and lead of the parts of one block."""
    if block.kind == "heading":
        return
    if block.kind == "table":
        yield from _rows(text, block, header)
    elif block.kind == "code":
        for line in re.finditer(r"[^\n]+", text[block.start : block.end]):
            if not line.group().lstrip().startswith(("```", "~~~")):
                yield block.start + line.start(), block.start + line.end(), ""
    elif is_talk(lines := text[block.start : block.end].split("\n")):
        starts = [block.start, *accumulate((len(line) + 1 for line in lines), initial=block.start)][1:]
        for number, question in with_questions(lines):
            yield starts[number], starts[number] + len(lines[number]), question
    elif block.kind == "item" and _SHORT_ITEM.fullmatch(text, block.start, block.end):
        yield block.start, block.end, ""
    else:
        prose = text[block.start : block.end]
        spans = list(_with_run_in_headings(prose))
        is_followed = following is not None and following.kind != "heading"
        is_announcing = following is not None and _is_announced(text, block, following)
        for start, end, lead in led(prose, spans, is_followed=is_followed, is_announcing=is_announcing):
            yield block.start + start, block.start + end, lead


def _is_announced(text: str, block: Block, following: Block) -> bool:
    """Tell whether a block is a list or code that the one before it leads."""
    if block.kind == "paragraph":
        return following.kind in ("item", "code")
    return following.kind == "item" and indent(text, following.start) > indent(text, block.start)


def _with_run_in_headings(prose: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences; one of a few words, such as "Termination.", goes with the one it heads.

    An answer of a few words heads nothing, and no question is headed.
    """
    heading: tuple[int, int] | None = None
    is_answer = False
    for start, end in sentences(prose):
        is_question = asks(prose[start:end])
        if heading is not None and "\n" not in prose[heading[1] : start] and not is_question:
            start = heading[0]
        elif heading is not None:
            yield heading
        heading = None
        is_short = prose[start:end].endswith(".") and len(prose[start:end].split()) <= HEADING_WORDS
        if is_short and not is_answer:
            heading = start, end
        else:
            yield start, end
        is_answer = is_question
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
