"""What a search finds, and where an answer stands."""

from dataclasses import dataclass

from lorewright.documents import Chunk


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: its document, and the character offsets there."""

    document_id: str
    title: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk with its score and rank for one query.

    `score` is the fused score in [0, 1], comparable within one query only; `rank` counts from 1.
    `cosine` and `bm25` are what each side gave, `None` where that side did not find the chunk. `also`
    are the places of other chunks that say the same.
    """

    chunk: Chunk
    score: float
    rank: int
    cosine: float | None = None
    bm25: float | None = None
    also: tuple[Place, ...] = ()

    @property
    def document_ids(self) -> tuple[str, ...]:
        """Return every document that says this, its own first."""
        return tuple(dict.fromkeys([self.chunk.document_id, *(place.document_id for place in self.also)]))


@dataclass(frozen=True, slots=True)
class Citation:
    """The place in a document that supports a sentence of an answer.

    `number` is the chunk's number in the prompt, counted from 1; `start` and `end` are character
    offsets into the document's text; `quote` is that text. `position` is the character offset in
    the answer's text after which the citation stands.
    """

    number: int
    document_id: str
    title: str
    start: int
    end: int
    quote: str
    position: int
    page: int | None = None
    heading_path: tuple[str, ...] = ()
