"""A document as questions are made from it: its blocks, each with the headings that it stands under."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from lorewright.documents import Document
from lorewright.documents.blocks import Block, blocks, plain
from lorewright.evaluation.suggested.draft import Evidence
from lorewright.evaluation.suggested.english_words import BASES, GERUNDS

_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_REFERENCE = re.compile(r"\s*\[\d+\](?!\()")
_MOST_TOPIC_WORDS = 7
_NO_TOPIC = frozenset(
    """overview introduction summary contents background general details notes note example examples usage
    description details faq index home readme prerequisites requirements syntax parameters returns errors
    see also appendix references conclusion misc about other resources more releases release
    versions support changelog table list data tables figures results""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a document, and the headings it stands under."""

    document: Document
    block: Block
    headings: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the block word for word."""
        return self.document.text[self.block.start : self.block.end]

    @property
    def topic(self) -> str:
        """Return what the block is about: its document's title, else the innermost telling heading, or ''."""
        return next((one for one in (self.document.title, *self.headings) if is_topic(one)), "")

    def evidence(self, start: int, end: int) -> Evidence:
        """Return a stretch of the document as evidence."""
        document = self.document
        return Evidence(
            document_id=document.id, title=document.title, start=start, end=end,
            text=document.text[start:end], headings=self.headings,
        )  # fmt: skip


def parts(document: Document) -> Iterator[Part]:
    """Yield the blocks of a document, headings among them, in order."""
    stack: list[tuple[int, str]] = []
    for block in blocks(document.text):
        if block.kind == "heading":
            stack = [one for one in stack if one[0] < block.level]
            yield Part(document, block, tuple(title for _, title in stack))
            stack.append((block.level, block.title))
        else:
            yield Part(document, block, tuple(title for _, title in stack))


def is_topic(name: str) -> bool:
    """Return whether a title or a heading names a thing: short, no sentence, no file name, no commonplace."""
    words = name.split()
    if not words or len(words) > _MOST_TOPIC_WORDS or name.endswith(("?", ".", ":", "!")):
        return False
    if re.search(r"\b(?:questions?|faqs?)\b", name, re.IGNORECASE):
        return False
    if re.search(r"[\\/_<>{}|=;]|\.\w{2,4}$", name) or not re.search(r"[^\W\d_]{2}", name):
        return False
    first = words[0].lower()
    if ":" in name or (len(words) > 1 and (first in GERUNDS or first in BASES)):
        return False
    if re.match(r"(?:\d+[.)]|examples?\b|how\b|step\b|what\b|why\b)", name, re.IGNORECASE):
        return False
    if re.search(r"\b(?=\w*\d)(?=\w*[a-f])[0-9a-f]{4,}\b", name):
        return False  # a file that a program named
    return not all(word.lower().strip(",&") in _NO_TOPIC for word in words)


def bare(text: str) -> str:
    """Return a text without Markdown marks, in one line."""
    return plain(_REFERENCE.sub("", _EMPHASIS.sub(r"\2", text))).strip()


def hash_of(text: str) -> int:
    """Return a number that depends on the text alone: the same documents give the same questions."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest())
