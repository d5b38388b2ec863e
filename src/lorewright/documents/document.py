"""One source with its text and metadata."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lorewright.documents.reading import NOTHING_MISSED, ReadingReport


def page_at(page_starts: Sequence[int], offset: int) -> int | None:
    """Return the page, counted from 1, on which a character stands; `None` without pages."""
    return max(bisect_right(page_starts, offset), 1) if page_starts else None


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text and metadata.

    `id` is the path below the domain's documents folder, with forward slashes.
    `text` is what was read; headings are Markdown headings, whatever the source was.
    `page_starts` holds the character offset at which each page begins; empty without pages.
    `report` says what of the file the text lacks; only a document that was just read has one.
    """

    id: str
    title: str
    text: str
    media_type: str = "text/plain"
    page_starts: tuple[int, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    report: ReadingReport = field(default=NOTHING_MISSED, compare=False)

    @property
    def text_hash(self) -> str:
        """Identify the text: two documents with the same hash say the same."""
        return sha256(f"{self.title}\0{self.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A contiguous piece of a document that is indexed.

    `start` and `end` are character offsets: `document.text[start:end] == text`.
    `header` is text that the chunk needs to be understood and does not hold itself,
    such as the header row of a table that began in an earlier chunk.
    """

    id: str
    document_id: str
    title: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    header: str = ""

    @property
    def context(self) -> str:
        """Return the chunk as it is embedded and shown to a model: title, headings, header, text."""
        return "\n".join(part for part in (self.headings, self.header, self.text) if part)

    @property
    def headings(self) -> str:
        """Return the title and the headings above the chunk, from the outermost on: "Leave > Parents"."""
        return " > ".join(dict.fromkeys(part for part in (self.title, *self.heading_path) if part))
