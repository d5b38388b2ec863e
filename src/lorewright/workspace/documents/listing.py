"""The documents of a domain as clients see them: a page of them, one with text and chunks, its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.access.caller import no_document
from lorewright.documents import Document, DocumentState
from lorewright.errors import BadParameter
from lorewright.workspace.domain.readable import need_document, readable
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A stretch of the list of documents, in the order of their ids."""

    documents: tuple[dict[str, Any], ...]
    has_more: bool


def list_documents(
    workspace: Workspace, caller: Caller, *, limit: int, after: str = "", under: str = ""
) -> DocumentPage:
    """Return at most `limit` documents after the id `after`, of those whose ids begin with `under`.

    There is none that the key may not read.
    """
    caller.need("read")
    states = readable_states(workspace, caller)
    if after and after not in states:
        raise BadParameter("after", f"No document found with id {after!r}; it cannot be used as a cursor.")
    names = [name for name in states if name > after and name.startswith(under)]
    documents = [workspace.documents.find(name) for name in names[:limit]]
    page = tuple(
        _document_json(document, states[document.id]) for document in documents if document is not None
    )
    return DocumentPage(page, len(names) > limit)


def readable_states(workspace: Workspace, caller: Caller) -> dict[str, DocumentState]:
    """Return the state of every document that a caller may read, by its id."""
    allowed = readable(workspace, caller)
    if allowed.is_nothing:
        return {}
    return {name: state for name, state in workspace.documents.states().items() if allowed.holds(name)}


def count_documents(workspace: Workspace, caller: Caller) -> int:
    """Return how many documents there are for a caller: those that they may read."""
    caller.need("read")
    return workspace.documents.count(readable(workspace, caller))


def sees_documents(workspace: Workspace, caller: Caller) -> bool:
    """Return whether there can be documents for a caller: they may read some, if they are there."""
    return caller.may("read") and not readable(workspace, caller).is_nothing


def document_ids(workspace: Workspace, caller: Caller, *, limit: int) -> list[str]:
    """Return the ids of at most `limit` documents in their order; of those that may be read."""
    caller.need("read")
    return sorted(readable_states(workspace, caller))[:limit]


def document_text(workspace: Workspace, caller: Caller, document_id: str) -> str:
    """Return the text of a document; raise `NotFound` for one that is not there, or not for this caller."""
    caller.need("read")
    need_document(workspace, caller, document_id)
    document = workspace.documents.find(document_id)
    if document is None:
        raise no_document(document_id)
    return document.text


def get_document(
    workspace: Workspace, caller: Caller, document_id: str, include: Collection[str]
) -> dict[str, Any]:
    """Return one document with what is to be included: its `text`, its `chunks`, its `versions`.

    Raises `NotFound` for one that is not there, or not for this key.
    """
    caller.need("read")
    need_document(workspace, caller, document_id)
    document = workspace.documents.find(document_id)
    state = workspace.documents.state(document_id)
    if document is None or state is None:
        raise no_document(document_id)
    body = _document_json(document, state)
    if "text" in include:
        body |= {"text": document.text, "page_starts": list(document.page_starts)}
    if "chunks" in include:
        body["chunks"] = _chunks(workspace, document_id)
    if "versions" in include:
        body["versions"] = document_versions(workspace, document_id)
    return body


def document_versions(workspace: Workspace, document_id: str) -> list[dict[str, Any]]:
    """Return what happened to a document, oldest first: when its text was new, changed or removed."""
    changes = [change for change in workspace.documents.changes() if change.document_id == document_id]
    if not changes:
        raise no_document(document_id)
    return [
        {"object": "document.version", "number": number, "kind": change.kind, "at": change.at}
        for number, change in enumerate(changes, start=1)
    ]


def _chunks(workspace: Workspace, document_id: str) -> Sequence[dict[str, Any]]:
    return [
        {
            "id": chunk.id,
            "start": chunk.start,
            "end": chunk.end,
            "text": chunk.text,
            "page": chunk.page,
            "heading_path": list(chunk.heading_path),
        }
        for chunk in workspace.collection.chunks_of(document_id)
    ]


def _document_json(document: Document, state: DocumentState) -> dict[str, Any]:
    return {
        "id": document.id,
        "object": "document",
        "title": document.title,
        "media_type": document.media_type,
        "n_characters": len(document.text),
        "n_pages": len(document.page_starts) or None,
        "text_hash": document.text_hash,
        "is_indexed": state.indexed_hash == state.text_hash,
        "metadata": dict(document.metadata),
    }
