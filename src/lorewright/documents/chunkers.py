"""Ways to cut documents into chunks, by name: our own, and those of plug-ins."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from lorewright.documents.document import Chunk, Document
from lorewright.documents.tokens import TokenOffsets
from lorewright.errors import BrokenPlugin
from lorewright.registry import Registry

DEFAULT = "structure"


class Chunker(Protocol):
    """Cuts documents into chunks; `chunk_at` makes one from two offsets."""

    def __call__(
        self, document: Document, *, token_offsets: TokenOffsets, size_tokens: int
    ) -> Sequence[Chunk]:
        """Return the chunks of a document in the order of its text, each of about `size_tokens` at most.

        `token_offsets` gives the place of every token of a text, as the embedding model sees it.
        """


CHUNKERS: Registry[Chunker] = Registry(
    "chunker", {DEFAULT: "lorewright.documents.cut:cut"}, group="chunker", form="a function"
)


def chunks_of(
    document: Document, chunker: str, *, token_offsets: TokenOffsets, size_tokens: int
) -> Sequence[Chunk]:
    """Return the chunks that the chunker of this name makes of a document.

    Raises `UnknownName` for a chunker that is not there, `BrokenPlugin` for one whose chunks are
    not pieces of the document: nothing could be cited from those.
    """
    chunks = CHUNKERS.load(chunker)(document, token_offsets=token_offsets, size_tokens=size_tokens)
    if chunker != DEFAULT:
        _check(document, chunks, chunker)
    return chunks


def _check(document: Document, chunks: Sequence[Chunk], chunker: str) -> None:
    for chunk in chunks:
        if chunk.document_id != document.id or not chunk.text.strip():
            raise _broken(chunker, document, "a chunk that is empty or belongs to another document")
        if document.text[chunk.start : chunk.end] != chunk.text:
            raise _broken(chunker, document, f"a chunk whose text is not at {chunk.start}:{chunk.end}")
    if any(after.start < before.start for before, after in pairwise(chunks)):
        raise _broken(chunker, document, "chunks that are not in the order of the text")
    if len({chunk.id for chunk in chunks}) < len(chunks):
        raise _broken(chunker, document, "two chunks with the same id")


def _broken(chunker: str, document: Document, what: str) -> BrokenPlugin:
    return BrokenPlugin(
        f"The chunker {chunker!r} returned {what} ({document.id}).",
        hint="Report it to the author, or set documents.chunker to another chunker.",
    )
