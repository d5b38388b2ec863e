"""The text that a citation points into, and the picture of its page where the source has pages."""

from dataclasses import dataclass

from lorewright.access import Key
from lorewright.errors import NotFound
from lorewright.workspace.home import Home
from lorewright.workspace.stores import DOMAIN


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document's text, and its page as a `data:` image, '' without one."""

    text: str
    image: str = ""


def source_text(home: Home, caller: Key, document_id: str, *, page: int | None = None) -> SourceText:
    """Return the text of a document of the domain; raise `NotFound` where there is none for this caller."""
    found = home.workspace.documents.find(document_id) if caller.may_use_store(DOMAIN) else None
    if found is None:
        raise NotFound(f"No document found with id {document_id!r}.")
    return SourceText(found.text, _image(home, document_id, page) if page else "")


def _image(home: Home, document_id: str, page: int) -> str:
    from lorewright.documents.page_image import page_image

    path = home.workspace.documents_folder / document_id
    return page_image(path, page) if path.suffix.casefold() == ".pdf" and path.is_file() else ""
