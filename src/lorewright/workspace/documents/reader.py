"""The reader of a domain's files, and what becomes of a file that is read."""

from lorewright.documents import Document, DocumentReader, ReadLimits
from lorewright.errors import UnreadableDocument
from lorewright.settings import Documents

Outcome = tuple[Document, str] | UnreadableDocument | OSError
"""A file's document and the hash of the bytes it was read from, or why there is none."""


def document_reader(settings: Documents) -> DocumentReader:
    """Return a reader with the limits and the readers that the settings name."""
    limits = ReadLimits(size_bytes=int(settings.max_file_mb * 1024**2), text_chars=settings.max_characters)
    return DocumentReader(limits, readers=settings.readers)
