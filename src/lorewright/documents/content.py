"""What a reader gets out of a file, before it becomes a document."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lorewright.documents.blocks import blocks
from lorewright.documents.reading import NOTHING_MISSED, ReadingReport

_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\xad]|\ufffe\n?")
_SPACES_AT_LINE_END = re.compile(r"[ \t\xa0]+$", re.MULTILINE)
_MANY_EMPTY_LINES = re.compile(r"\n{4,}")
_LETTERS = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\x0c": "\n"})


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file as Markdown; `pages` instead of `text` where it has pages.

    `report` says what of the file is not in it.
    """

    text: str = ""
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    report: ReadingReport = NOTHING_MISSED


Reader = Callable[[Path], Content]
"""Reads a file; raises `UnreadableDocument`, with the reason as half a sentence, where it cannot."""


def cleaned(text: str) -> str:
    """Return a text as it is stored: NFC, lines end in a newline, no control characters.

    Soft hyphens go, because they tear words; so do ligatures, because nobody types them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LETTERS)
    text = _MANY_EMPTY_LINES.sub("\n\n\n", _SPACES_AT_LINE_END.sub("", _UNWANTED.sub("", text)))
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate cannot be stored
    return unicodedata.normalize("NFC", text).strip("\n")


def joined(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the pages as one text, and the character offset at which each begins."""
    starts = []
    place = 0
    for page in pages:
        starts.append(place)
        place += len(page) + 2
    return "\n\n".join(pages), tuple(starts)


def first_heading(text: str) -> str:
    """Return the title of the first heading of level 1, or an empty text."""
    return next((block.title for block in blocks(text) if block.kind == "heading" and block.level == 1), "")


def title_of_name(name: str) -> str:
    """Return the title that the name of a file gives."""
    return " ".join(Path(name).stem.replace("_", " ").replace("-", " ").split())
