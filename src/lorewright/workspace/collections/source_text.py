"""The text that a citation points into, and the picture of its page where the source has pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lorewright.access import Caller
from lorewright.documents import page_at
from lorewright.documents.page_picture import PagePicture, draw_page, is_drawable
from lorewright.errors import NotFound, UnreadableDocument
from lorewright.workspace.collections.files import path_of
from lorewright.workspace.collections.store_files import FILES
from lorewright.workspace.collections.stores import DOMAIN, all_stores, collection_of
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source: what it is called, its text, and whether its pages can be shown as pictures.

    `page_starts` holds the character offset at which each page begins, where that is known.
    """

    id: str
    name: str
    text: str
    has_pages: bool
    page_starts: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Return the page, counted from 1, that a place of the text is on; `None` where nobody knows."""
        return page_at(self.page_starts, offset)


def source_text(server: Server, caller: Caller, document_id: str) -> SourceText:
    """Return a document of the domain, or a file of a vector store, as it was read.

    Raises `NotFound`, in the same words, for one that is not there or not for this caller.
    """
    caller.need("chat", "read")
    is_seen = readable(server.workspace, caller).holds(document_id)
    document = server.workspace.documents.find(document_id) if is_seen else None
    if document is not None:
        has_pages = is_drawable(document_id)
        return SourceText(document_id, document_id, document.text, has_pages, document.page_starts)
    for store in all_stores(server, caller):
        file = server.records(FILES).find(f"{store.id}/{document_id}") if store.id != DOMAIN else None
        if file is not None and file.label == "completed":
            name = str(file.body["filename"])
            text = _joined(server, caller, store.id, document_id)
            return SourceText(document_id, name, text, is_drawable(name))
    raise NotFound(
        f"No source found with id {document_id!r}.", hint="It was removed, or you do not have access to it."
    )


def source_page(
    server: Server, caller: Caller, document_id: str, page: int, passages: Sequence[str] = ()
) -> PagePicture:
    """Return a page of a source as a picture; raise `UnreadableDocument` where it cannot be drawn."""
    source = source_text(server, caller, document_id)
    if not source.has_pages:
        raise UnreadableDocument(f"{source.name} has no pages to display.")
    path = server.workspace.documents_folder / document_id
    is_seen = readable(server.workspace, caller).holds(document_id)
    if is_seen and server.workspace.documents.find(document_id):
        return draw_page(path, page, passages)
    with TemporaryDirectory(prefix="lorewright-") as folder:
        named = Path(folder, "source.pdf")  # its bytes lie under their hash
        named.symlink_to(path_of(server, server.records("file").get(document_id)))
        return draw_page(named, page, passages)


def _joined(server: Server, caller: Caller, store_id: str, file_id: str) -> str:
    """Return the text of a file of a store, put together from its chunks at their places."""
    store = next(store for store in all_stores(server, caller) if store.id == store_id)
    text = ""
    for chunk in sorted(collection_of(server, store).chunks_of(file_id), key=lambda chunk: chunk.start):
        gap = chunk.start - len(text)
        text += "\n" * gap if gap > 0 else ""
        text = text[: chunk.start] + chunk.text + text[chunk.end :]
    return text
