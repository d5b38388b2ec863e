"""Blocks to pieces: what chunks are made of, torn no more than their size demands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from lorewright.documents.announcing import announces
from lorewright.documents.blocks import Block
from lorewright.documents.tokens import Tokens

# How much a cut right before a piece is liked, in shares of a chunk's size.
SECTION, PARAGRAPH, ITEM, SENTENCE, WORD = 0.4, 0.3, 0.15, 0.0, -0.3

_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026])[\"'\u201d\u2019)\]]*\s+(?=[^\sa-z])"
    r"|(?<=[\u3002\uff01\uff1f\uff1b])"  # Chinese and Japanese put no space after a sentence
)
_LINE_END = re.compile(r"\n")
_CELL_END = re.compile(r"(?<=\|)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that is not torn; `liking` says how good it is to cut right before it.

    `header` is the place of the table header that a row needs and that stands further up.
    """

    start: int
    end: int
    liking: float
    header: tuple[int, int] | None = None


def pieces(text: str, blocks: Iterable[Block], tokens: Tokens, *, size_tokens: int) -> list[Piece]:
    """Return the blocks as pieces of at most `size_tokens`, unless one token alone is longer.

    A heading is part of the piece after it, so that no chunk is only a heading; at the end of a
    text it is part of the piece before it.
    """
    result: list[Piece] = []
    opening: Block | None = None
    previous: Block | None = None
    for block in blocks:
        start = opening.start if opening else block.start
        if block.kind == "heading" and tokens.count(start, block.end) <= size_tokens // 2:
            opening = opening or block
            continue
        limit = size_tokens - (tokens.count(start, block.start) if opening else 0)
        first, *others = _split(text, block, tokens, limit)
        liking = SECTION if opening else _liking(text, previous, block)
        result += [replace(first, start=start, liking=liking), *others]
        opening, previous = None, block
    if opening is not None:
        result = _attach(result, Piece(opening.start, block.end, SECTION), tokens, size_tokens)
    return result


def _attach(earlier: list[Piece], rest: Piece, tokens: Tokens, size_tokens: int) -> list[Piece]:
    if earlier and tokens.count(earlier[-1].start, rest.end) <= size_tokens:
        return [*earlier[:-1], replace(earlier[-1], end=rest.end)]
    return [*earlier, rest]


def _liking(text: str, previous: Block | None, block: Block) -> float:
    if previous is None:
        return SECTION
    if previous.kind == "paragraph" and announces(text[previous.start : previous.end]):
        return SENTENCE  # it announces this block, or asks what this block answers
    return ITEM if block.kind == previous.kind == "item" else PARAGRAPH


def _split(text: str, block: Block, tokens: Tokens, limit: int) -> Iterator[Piece]:
    if tokens.count(block.start, block.end) <= limit:
        yield Piece(block.start, block.end, PARAGRAPH)
    elif block.kind == "table":
        yield from _rows(text, block, tokens, limit)
    else:
        joints = _LINE_END if block.kind == "code" else _SENTENCE_END
        yield from _torn(text, block.start, block.end, joints, tokens, limit)


def _rows(text: str, block: Block, tokens: Tokens, limit: int) -> Iterator[Piece]:
    """Yield a table's rows; the header stays with the first of them and is named for the others."""
    n_header = max(min(block.n_header_rows, len(block.rows) - 1), 0)
    start, end = block.rows[0][0], block.rows[max(n_header - 1, 0)][1]
    has_names = n_header and any(map(str.isalnum, text[start:end]))
    header = (start, end) if has_names else None
    room = max(limit - tokens.count(start, end), limit // 2)
    n_first = n_header + 1
    if tokens.count(start, block.rows[n_header][1]) <= limit:
        yield Piece(start, block.rows[n_header][1], ITEM)
    else:
        yield from _torn(text, start, end, _CELL_END, tokens, limit)
        n_first = n_header
    for row_start, row_end in block.rows[n_first:]:
        first, *others = _torn(text, row_start, row_end, _CELL_END, tokens, room, whole=True)
        yield replace(first, liking=ITEM, header=header)
        yield from (replace(piece, header=header) for piece in others)


def _torn(
    text: str,
    start: int,
    end: int,
    joints: re.Pattern[str],
    tokens: Tokens,
    limit: int,
    *,
    whole: bool = False,
) -> Iterator[Piece]:
    """Yield a stretch of text torn at its joints, and at words where that is not enough."""
    if whole and tokens.count(start, end) <= limit:
        yield Piece(start, end, SENTENCE)
        return
    cuts = [joint.end() for joint in joints.finditer(text, start, end)]
    edges = [start, *(place for place in cuts if start < place < end), end]
    for first, last in pairwise(edges):
        yield from _words(text, first, last, tokens, limit)


def _words(text: str, start: int, end: int, tokens: Tokens, limit: int) -> Iterator[Piece]:
    """Yield a stretch of text cut at spaces, or between two tokens where there is none."""
    liking = SENTENCE
    while tokens.count(start, end) > limit:
        stop = tokens.after(start, limit)
        space = max(text.rfind(space, start + 1, stop) for space in " \n\t") + 1
        if space and 2 * tokens.count(start, space) >= limit:
            stop = space
        yield Piece(start, stop, liking)
        start, liking = stop, WORD
    yield Piece(start, end, liking)
