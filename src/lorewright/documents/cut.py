"""Documents to chunks: cut where the text itself has joints, at exact character offsets."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import takewhile

from lorewright.documents.blocks import blocks
from lorewright.documents.document import Chunk, Document, page_at
from lorewright.documents.pieces import Piece, pieces
from lorewright.documents.sections import Section, groups, stretches
from lorewright.documents.tokens import TokenOffsets, Tokens

STRETCH_CHARS = 1_000_000
"""As much of a text is cut at once: longer ones are cut stretch by stretch."""


def cut(document: Document, *, token_offsets: TokenOffsets, size_tokens: int = 128) -> list[Chunk]:
    """Return the chunks of a document in order, each of at most `size_tokens`.

    Cuts fall between sections, paragraphs, list items, table rows, sentences and words, in this
    order of liking, and sizes are evened out: 140 tokens become two chunks of about 70. Only a
    single token can be longer. `token_offsets` gives the place of every token of a text, as the
    embedding model sees it; every part of the text is given to it once.
    """
    return list(each_chunk(document, token_offsets=token_offsets, size_tokens=size_tokens))


def each_chunk(
    document: Document,
    *,
    token_offsets: TokenOffsets,
    size_tokens: int = 128,
    stretch_chars: int = STRETCH_CHARS,
) -> Iterator[Chunk]:
    """Yield the chunks that `cut` returns; a long text takes no more memory than a stretch of it.

    Stretches of about `stretch_chars` end between sections, or blocks of a section that is longer.
    """
    text = document.text
    for stretch in stretches(blocks(text), at_most_chars=stretch_chars):
        tokens = Tokens(text, token_offsets, stretch[0].start, stretch[-1].end)
        for group in groups(stretch, tokens, size_tokens=size_tokens):
            whole = [block for section in group for block in section.blocks]
            parts = pieces(text, whole, tokens, size_tokens=size_tokens)
            for run in _runs(parts, tokens, size_tokens):
                yield _chunk(document, run, group)


def _runs(parts: Sequence[Piece], tokens: Tokens, size_tokens: int) -> Iterator[Sequence[Piece]]:
    """Yield the pieces as runs that fit: each ends where an even share and a liked cut meet best."""
    begin = 0
    while begin < len(parts):
        start, end = parts[begin].start, parts[-1].end
        header = parts[begin].header
        room = size_tokens
        if header is not None:
            room = max(size_tokens - tokens.count(*header), size_tokens // 2)
        n_left = tokens.count(start, end)
        share = n_left / -(-n_left // room) if n_left else 0
        best, best_worth = begin + 1, float("-inf")
        for stop in range(begin + 1, len(parts) + 1):
            n_tokens = tokens.count(start, parts[stop - 1].end)
            if n_tokens > room:
                break
            liking = parts[stop].liking if stop < len(parts) else 1.0
            worth = liking - abs(n_tokens - share) / room
            if worth > best_worth:
                best, best_worth = stop, worth
        yield parts[begin:best]
        begin = best


def _chunk(document: Document, run: Sequence[Piece], group: Iterable[Section]) -> Chunk:
    start, end = _trimmed(document.text, run[0].start, run[-1].end)
    header = run[0].header
    paths = [section.path for section in group if section.start < end and section.end > start]
    return chunk_at(
        document,
        start,
        end,
        heading_path=_shared(paths),
        header=document.text[slice(*header)] if header else "",
    )


def chunk_at(
    document: Document, start: int, end: int, *, heading_path: tuple[str, ...] = (), header: str = ""
) -> Chunk:
    """Return the chunk between two character offsets of a document's text."""
    text = document.text[start:end]
    identity = f"{document.id}\0{start}\0{text}"
    return Chunk(
        id=sha256(identity.encode()).hexdigest()[:24],
        document_id=document.id,
        title=document.title,
        start=start,
        end=end,
        text=text,
        heading_path=heading_path,
        page=page_at(document.page_starts, start),
        header=header,
    )


def _shared(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings under which all of these sections stand."""
    levels = takewhile(lambda titles: len(set(titles)) == 1, zip(*paths, strict=False))
    return tuple(titles[0] for titles in levels)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())
