"""The line above a sentence without which it says little: a question, a term, what a colon announces."""

import re
from collections.abc import Iterator, Sequence

from lorewright.documents.announcing import asks, ends_with_colon
from lorewright.documents.blocks import ITEM_MARK

HEADING_WORDS = 3
"""A sentence of at most so many words is a heading of the next one, or says nothing without it."""
_TITLE_WORDS = 8
ENTRY = re.compile(r"(?P<name>[^\W\d_][\w .\-/]{0,40}):[ \t]+(?P<value>\S.{0,300})")
"""A line of a record, as it is read of JSON and YAML: a name and its value."""
_ITEM = re.compile(ITEM_MARK)
_DEFINITION = re.compile(r":[ \t]")
"""What begins the definition of the term on the line above, in Markdown."""


def led(
    prose: str,
    spans: Sequence[tuple[int, int]],
    *,
    is_followed: bool = False,
    is_announcing: bool = False,
) -> Iterator[tuple[int, int, str]]:
    """Yield the sentences of a block with the line above that each needs, '' for none.

    That is a question, a term above its definition, a line that ends with a colon, the first line of a
    list item that only heads it ("2. Hiring"), a heading of plain text, or the first line of a record, which
    says what the others are about. A question at the end is left out where a block follows that may answer
    it, and so is a heading in capitals, and what a colon announces where `is_announcing` a list or code.
    """
    lines = [prose[start:end] for start, end in spans]
    if len(lines) == 1 and is_followed and _is_in_capitals(lines[0]):
        return
    is_record = len(lines) > 1 and all(map(ENTRY.fullmatch, lines))
    lead = ""
    for place, (start, end) in enumerate(spans):
        line = lines[place]
        is_last = place + 1 == len(spans)
        is_over = not is_last and "\n" in prose[end : spans[place + 1][0]]
        if is_last and is_announcing and ends_with_colon(line):
            return
        is_term = is_over and _hangs(prose, spans[place], spans[place + 1])
        if is_term or (asks(line) and (is_followed or not is_last)) or (is_over and _leads(place, lines)):
            lead = line
        else:
            yield start, end, lead
            lead = lines[0] if is_record else lead


def _leads(place: int, lines: Sequence[str]) -> bool:
    """Tell whether a line is there for the one below it: it announces, is a term, or heads a list item."""
    if ends_with_colon(lines[place]) or _DEFINITION.match(lines[place + 1]):
        return True
    return place == 0 and (_heads_item(lines[0]) or _heads_prose(lines[0], lines[1]))


def _hangs(prose: str, span: tuple[int, int], below: tuple[int, int]) -> bool:
    """Tell whether an option or a name stands above its meaning, which begins further to the right."""
    line = prose[slice(*span)]
    if not line.startswith("-") or len(line.split()) > _TITLE_WORDS:
        return False
    return _indent(prose, below[0]) > _indent(prose, span[0])


def _indent(prose: str, place: int) -> int:
    return place - prose.rfind("\n", 0, place) - 1 if "\n" in prose[:place] else 0


def _heads_item(line: str) -> bool:
    """Tell whether the first line of a block is the marker of a list item with a few words behind it."""
    return bool(_ITEM.match(line)) and len(line.split()) <= HEADING_WORDS + 1 and line[-1].isalnum()


def _heads_prose(line: str, below: str) -> bool:
    """Tell whether a short line without a full stop stands above prose, as headings of plain text do."""
    is_heading = (
        len(line.split()) <= _TITLE_WORDS
        and line[:1].isupper()
        and line[-1].isalnum()
        and not ENTRY.fullmatch(line)
        and not _ITEM.match(below)
    )
    return is_heading and len(below) > len(line) and below.endswith((*".!?:;", "。"))


def _is_in_capitals(line: str) -> bool:
    return line.isupper() and line[-1].isalnum() and 1 < len(line.split()) <= _TITLE_WORDS
