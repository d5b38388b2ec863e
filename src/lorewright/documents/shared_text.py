"""Text that most pages of a site share, such as menus and feet: left out of each of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from lorewright.documents.blocks import Block, blocks
from lorewright.documents.document import Document

MIN_PAGES = 3
_SHARE = 0.6
_SMALL_SITE = 10
_MIN_OWN_SHARE = 0.15
_MAX_BLOCK = 3_000
MEDIA_TYPES = ("text/html", "multipart/related")
"""The kinds of documents that have a frame around their content."""

SharedText = frozenset[str]
"""The blocks that most pages of a site share, by their digests."""


def find_shared(texts: Mapping[str, str]) -> SharedText:
    """Return the blocks that most of these pages share, as they frame them; none below three pages.

    All but one page of a small site must have a block, and more than half of a large one. Pages with
    the same text count once: copies of a page share its content. Pages that hardly say anything of
    their own share more than a frame, as versions of one page do, and then nothing is shared text.
    """
    distinct = list(dict.fromkeys(texts.values()))
    if len(distinct) < MIN_PAGES:
        return frozenset()
    parts = [_digests(text) for text in distinct]
    counts = Counter(digest for page in parts for digest in {digest for digest, _ in page})
    needed = len(distinct) - 1 if len(distinct) < _SMALL_SITE else int(_SHARE * len(distinct))
    needed = max(needed, MIN_PAGES)
    shared = frozenset(digest for digest, n in counts.items() if n >= needed)
    shares = sorted(_own_share(page, shared) for page in parts)
    return shared if shares[len(shares) // 2] >= _MIN_OWN_SHARE else frozenset()


def without_shared(document: Document, shared: SharedText) -> Document:
    """Return a page without the blocks that it shares with its site, above and below what is its own.

    What stands between its own blocks stays, and so does a page that has nothing of its own.
    """
    if not shared or document.media_type not in MEDIA_TYPES:
        return document
    text = document.text
    parts = list(blocks(text))
    is_own = [_digest(text, part) not in shared for part in parts]
    if all(is_own) or not any(is_own):
        return document
    first, last = is_own.index(True), len(is_own) - 1 - is_own[::-1].index(True)
    while first and parts[first - 1].kind == "heading" and _leads_to(parts, first):
        first -= 1
    own = text[parts[first].start : parts[last].end]
    if len(own) == len(text.strip()):
        return document
    n_left_out = len(text) - len(own)
    report = document.report.with_left_out(f"{n_left_out:,} characters shared by most pages in the folder")
    return replace(document, text=own, report=report)


def _leads_to(parts: list[Block], first: int) -> bool:
    """Return whether the heading above the first own block is one level above it, and no page's title."""
    heading = parts[first - 1]
    return heading.level > 1 and parts[first].kind != "heading"


def _digests(text: str) -> list[tuple[str, int]]:
    return [(_digest(text, part), part.end - part.start) for part in blocks(text)]


def _digest(text: str, part: Block) -> str:
    """Identify a block by its words; a long one is content, whoever shares it."""
    if part.end - part.start > _MAX_BLOCK:
        return f"{part.start}-{len(text)}"
    words = " ".join(text[part.start : part.end].split()).casefold()
    return blake2b(words.encode(), digest_size=12).hexdigest()


def _own_share(page: list[tuple[str, int]], shared: SharedText) -> float:
    total = sum(size for _, size in page)
    return sum(size for digest, size in page if digest not in shared) / (total or 1)
