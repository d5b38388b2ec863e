"""Blocks to sections: what stands under one heading, and which sections are cut together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lorewright.documents.blocks import Block
from lorewright.documents.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under one heading; `path` holds the titles from the top heading down to it.

    The first blocks are the heading itself and those right above it: a heading that only another
    heading follows would otherwise be alone. `level` is that of the highest of them, 7 without any.
    """

    path: tuple[str, ...]
    level: int
    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        """The character offset of the first block."""
        return self.blocks[0].start

    @property
    def end(self) -> int:
        """The character offset after the last block."""
        return self.blocks[-1].end

    @property
    def has_body(self) -> bool:
        """Whether there is more than headings."""
        return self.blocks[-1].kind != "heading"


def sections(parts: Iterable[Block]) -> list[Section]:
    """Return the sections of a text in order; their blocks, joined, are all blocks."""
    return list(_sections(parts, at_most_chars=None))


def stretches(parts: Iterable[Block], *, at_most_chars: int) -> Iterator[list[Section]]:
    """Yield the sections of a text in stretches of about `at_most_chars`: a text of any length is cut so.

    A section that is longer itself is parted between its blocks.
    """
    gathered: list[Section] = []
    for section in _sections(parts, at_most_chars=at_most_chars):
        if gathered and section.end - gathered[0].start > at_most_chars:
            yield gathered
            gathered = []
        gathered.append(section)
    if gathered:
        yield gathered


def _sections(parts: Iterable[Block], *, at_most_chars: int | None) -> Iterator[Section]:
    open_headings: list[Block] = []
    gathered: list[Block] = []
    for block in parts:
        if block.kind == "heading":
            if gathered and gathered[-1].kind != "heading":
                yield _section(open_headings, gathered)
                gathered = []
            while open_headings and open_headings[-1].level >= block.level:
                open_headings.pop()
            open_headings.append(block)
        elif at_most_chars and gathered and block.end - gathered[0].start > at_most_chars:
            yield _section(open_headings, gathered)
            gathered = []
        gathered.append(block)
    if gathered:
        yield _section(open_headings, gathered)


def _section(open_headings: list[Block], gathered: list[Block]) -> Section:
    path = tuple(heading.title for heading in open_headings if heading.title)
    level = min((block.level for block in gathered if block.kind == "heading"), default=7)
    return Section(path, level, tuple(gathered))


def groups(all_sections: Sequence[Section], tokens: Tokens, *, size_tokens: int) -> list[list[Section]]:
    """Return neighbouring sections that are cut together: a fragment joins the next, or the last one.

    A fragment holds less than a quarter of `size_tokens`. Sections under different headings of
    the top level (the highest one that occurs twice) stay apart, unless one is headings only.
    """
    top = _top_level(all_sections)
    fragment_tokens = size_tokens // 4
    grouped: list[list[Section]] = []
    n_before = 0
    for section in all_sections:
        n_tokens = tokens.count(section.start, section.end)
        is_bare = not section.has_body or (grouped and not grouped[-1][-1].has_body)
        is_fragment = n_before < fragment_tokens or (
            n_tokens < fragment_tokens and n_before + n_tokens <= size_tokens
        )
        if grouped and (is_bare or (is_fragment and section.level > top)):
            grouped[-1].append(section)
            n_before += n_tokens
        else:
            grouped.append([section])
            n_before = n_tokens
    return grouped


def _top_level(all_sections: Sequence[Section]) -> int:
    n_headings = Counter(
        block.level for section in all_sections for block in section.blocks if block.kind == "heading"
    )
    return min((level for level, n in n_headings.items() if n > 1), default=0)
