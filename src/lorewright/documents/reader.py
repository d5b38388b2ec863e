"""Files to documents."""

from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType, TracebackType
from typing import Self

from lorewright.documents.blobs import without_blobs
from lorewright.documents.capital_headings import with_capital_headings
from lorewright.documents.chat_lines import with_exchanges
from lorewright.documents.clauses import with_clause_headings
from lorewright.documents.content import Content, cleaned, first_heading, joined, title_of_name
from lorewright.documents.document import Document
from lorewright.documents.kinds import READERS, Kind, broken_reader, kind_of
from lorewright.documents.sandbox import ReadLimits, Sandbox
from lorewright.errors import UnreadableDocument

_MARKED_OR_DATA = frozenset(
    (
        "text/markdown", "text/x-rst", "text/asciidoc", "text/org", "application/x-latex", "text/csv",
        "application/json", "application/jsonl", "text/x-source", "application/x-ipynb+json", "text/vtt",
    )
)  # fmt: skip
"""Kinds of files whose authors mark headings, or that have none: there clauses are not looked for."""

_WITHOUT_TALK = frozenset(("text/markdown", "text/x-rst", "text/csv", "text/x-source"))


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
        parts = [without_blobs(cleaned(part)) for part in content.pages or (content.text,)]
        pages = [part for part, _ in parts]
        if kind.media_type not in _MARKED_OR_DATA:
            pages = with_clause_headings(pages)
        if kind.media_type == "text/plain":
            pages = [with_capital_headings(page) for page in pages]
        if kind.media_type not in _WITHOUT_TALK:
            pages = [cleaned(page) for page in with_exchanges(pages)]
        text, page_starts = joined(pages)
        n_left_out = sum(n for _, n in parts)
        if len(text) > self._limits.text_chars:
            raise self._limits.too_long(len(text))
        if not any(character.isalnum() for character in text):
            raise UnreadableDocument("it contains no text")
        return Document(
            id=document_id,
            title=_title(content, text, path),
            text=text,
            media_type=kind.media_type,
            page_starts=page_starts if content.pages else (),
            metadata=content.metadata,
            report=content.report.with_left_out(
                f"{n_left_out:,} characters of embedded pictures, code or data" if n_left_out else ""
            ),
        )

    def _kind(self, path: Path) -> Kind:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise UnreadableDocument("it is not a file")
        if status.st_size == 0:
            raise UnreadableDocument("it is empty")
        if status.st_size > self._limits.size_bytes:
            raise UnreadableDocument(
                f"it has {status.st_size / 1e6:,.0f} MB; the limit is {self._limits.size_bytes / 1e6:,.0f}",
                hint="Split it, or raise documents.max_file_mb.",
            )
        kind = kind_of(path, self._readers)
        if kind is None:
            raise UnreadableDocument(
                f"no reader supports {path.suffix} files",
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
    return title or title_of_name(path.name)
