"""Files to documents, documents to chunks."""

from typing import TYPE_CHECKING, Any

from lorewright.documents.chunkers import Chunker, chunks_of
from lorewright.documents.content import Content
from lorewright.documents.cut import chunk_at, cut
from lorewright.documents.difference import DiffLine, differences
from lorewright.documents.document import Chunk, Document, page_at
from lorewright.documents.files import find_files
from lorewright.documents.kinds import FileReader, is_readable
from lorewright.documents.reader import DocumentReader
from lorewright.documents.reading import ReadingReport
from lorewright.documents.sandbox import ReadLimits
from lorewright.documents.tokens import TokenOffsets

if TYPE_CHECKING:
    from lorewright.documents.repository import (
        DocumentChange,
        DocumentOutline,
        DocumentRepository,
        DocumentState,
    )

__all__ = [
    "Chunk",
    "Chunker",
    "Content",
    "DiffLine",
    "Document",
    "DocumentChange",
    "DocumentOutline",
    "DocumentReader",
    "DocumentRepository",
    "DocumentState",
    "FileReader",
    "ReadLimits",
    "ReadingReport",
    "TokenOffsets",
    "chunk_at",
    "chunks_of",
    "cut",
    "differences",
    "find_files",
    "is_readable",
    "page_at",
]


def __getattr__(name: str) -> Any:
    """Load the repository, and SQLAlchemy with it, only for those who use it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lorewright.documents import repository

    return getattr(repository, name)
