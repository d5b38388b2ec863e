"""One page of a PDF: its pixels, and the boxes around passages that stand on it."""

import base64
import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lorewright.documents.png import png
from lorewright.documents.readers.pdf import opened
from lorewright.errors import UnreadableDocument

MAX_PIXELS = 1400
"""Of the longer side: sharp in a panel, and about 200 kB."""
_DOTS_A_POINT = 1.7
_ENOUGH = 0.6
"""The share of a passage's words that must stand on the page, in their order, to be marked there."""
_WORD = re.compile(r"\w+")


def draw(path: Path, page: int, passages: Sequence[str]) -> dict[str, Any]:
    """Return a page, counted from 1, as JSON; raise `UnreadableDocument` where there is none."""
    with opened(path) as document:
        if not 1 <= page <= len(document):
            raise UnreadableDocument(f"it has {len(document)} pages, so page {page} does not exist")
        drawn = document[page - 1]
        scale = min(_DOTS_A_POINT, MAX_PIXELS / max(drawn.get_size()))
        bitmap = drawn.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        pixels = png(bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels, bytes(bitmap.buffer))
        return {
            "png": base64.b64encode(pixels).decode(),
            "width": bitmap.width,
            "height": bitmap.height,
            "n_pages": len(document),
            "boxes": [box for passage in passages for box in _boxes(drawn, passage)],
        }


def _boxes(page: Any, passage: str) -> Iterator[list[float]]:
    """Yield a box for every line that a passage takes on a page."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    width, height = page.get_size()
    for start, end in stretches(text, passage):
        for place in range(text_page.count_rects(start, end - start)):
            left, bottom, right, top = text_page.get_rect(place)
            yield [
                round(left / width, 4),
                round(1 - top / height, 4),
                round((right - left) / width, 4),
                round((top - bottom) / height, 4),
            ]


def stretches(text: str, passage: str) -> list[tuple[int, int]]:
    """Return where the words of a passage stand in a text that is broken and spaced in other ways.

    Nothing where too few of them follow each other there.
    """
    words = [(_plain(match.group()), match.span()) for match in _WORD.finditer(text)]
    wanted = [_plain(word) for word in _WORD.findall(passage)]
    if not wanted:
        return []
    matcher = SequenceMatcher(None, [word for word, _ in words], wanted, autojunk=False)
    longest = matcher.find_longest_match()
    # What belongs to the passage lies around its longest part, not somewhere else on the page.
    first, last = longest.a - longest.b - 5, longest.a - longest.b + len(wanted) + 5
    blocks = [block for block in matcher.get_matching_blocks() if block.size and first <= block.a < last]
    if sum(block.size for block in blocks) < _ENOUGH * len(wanted):
        return []
    return [(words[block.a][1][0], words[block.a + block.size - 1][1][1]) for block in blocks]


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
