"""What a search finds, and where an answer stands."""

from dataclasses import dataclass

from lorewright.documents import Chunk


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk with its score and rank for one query.

    `score` is the fused score in [0, 1], comparable within one query only; `rank` counts from 1.
    `cosine` and `bm25` are what each side gave, `None` where that side did not find the chunk.
    """

    chunk: Chunk
    score: float
    rank: int
    cosine: float | None = None
    bm25: float | None = None


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
