"""Files to documents."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from lorewright.documents.content import Content, cleaned, first_heading, joined
from lorewright.documents.document import Document
from lorewright.documents.kinds import READERS, Kind, broken_reader, kind_of
from lorewright.documents.sandbox import ReadLimits, Sandbox
from lorewright.errors import UnreadableDocument


class DocumentReader:
    """Reads files of any known kind; a context manager, because some are read in another process.

    `readers` gives a suffix another reader than the usual one, by its name.
    """

    def __init__(
        self,
        limits: ReadLimits = ReadLimits(),  # noqa: B008 (it is frozen)
        *,
        readers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._limits = limits
        self._readers = readers
        self._sandbox = Sandbox(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads what may be hostile."""
        self._sandbox.close()

    def read(self, path: Path, *, document_id: str) -> Document:
        """Return the document in a file; raise `UnreadableDocument` with the reason where there is none."""
        try:
            return self._document(path, document_id)
        except UnreadableDocument as error:
            raise UnreadableDocument(f"{path.name} cannot be read: {error}.", hint=error.hint) from error
        except OSError as error:
            raise UnreadableDocument(f"{path.name} cannot be read: {error.strerror}.") from error

    def _document(self, path: Path, document_id: str) -> Document:
        kind = self._kind(path)
        content = self._content(path, kind)
        pages = [cleaned(page) for page in content.pages]
        text, page_starts = joined(pages) if pages else (cleaned(content.text), ())
        if not any(character.isalnum() for character in text):
            raise UnreadableDocument("it holds no text")
        return Document(
            id=document_id,
            title=_title(content, text, path),
            text=text,
            media_type=kind.media_type,
            page_starts=page_starts,
            metadata=content.metadata,
        )

    def _kind(self, path: Path) -> Kind:
        size_bytes = path.stat().st_size
        if not path.is_file():
            raise UnreadableDocument("it is no file")
        if size_bytes == 0:
            raise UnreadableDocument("it is empty")
        if size_bytes > self._limits.size_bytes:
            raise UnreadableDocument(
                f"it has {size_bytes / 1e6:,.0f} MB, the limit is {self._limits.size_bytes / 1e6:,.0f}",
                hint="Save it in parts.",
            )
        kind = kind_of(path, self._readers)
        if kind is None:
            raise UnreadableDocument(
                f"no reader knows {path.suffix} files",
                hint=broken_reader() or "Save it as PDF, DOCX, HTML, Markdown or text.",
            )
        return kind

    def _content(self, path: Path, kind: Kind) -> Content:
        if kind.is_sandboxed:
            return self._sandbox.read(path, kind.readers)
        return READERS.load(kind.readers[0])(path)


def _title(content: Content, text: str, path: Path) -> str:
    """Return what the file calls itself, what its first heading says, or its name."""
    title = " ".join(cleaned(content.title).split()) or first_heading(text)
    return title or " ".join(path.stem.replace("_", " ").replace("-", " ").split())
