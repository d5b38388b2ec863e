"""Files to documents, documents to chunks."""

from lorewright.documents.document import Chunk, Document

__all__ = ["Chunk", "Document"]
