"""`/v1/vector_stores/{id}/files`: the files of a store."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter
from openai.types.vector_stores import FileContentResponse, VectorStoreFile, VectorStoreFileDeleted

from lorewright.api.http.answers import ListOf, PageOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.collections.changes import chunk_tokens_of, static_strategy
from lorewright.workspace.collections.store_files import (
    Attachment,
    attach_file,
    chunks_of_file,
    describe,
    detach,
    find_store_file,
    list_store_files,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/vector_stores/{store_id}/files", tags=["vector stores"])


class ContentPage(PageOf[FileContentResponse]):
    """The text of a file, chunk by chunk."""

    object: Literal["vector_store.file_content.page"]


StateOf = Literal["in_progress", "completed", "failed", "cancelled"]


class NewFile(RequestBody):
    """A request to attach a file."""

    file_id: str
    attributes: dict[str, Any] | None = None
    chunking_strategy: dict[str, Any] | None = None


class FileChange(RequestBody):
    """A request to change the attributes."""

    attributes: dict[str, Any] | None


@router.post("", responses=answers(VectorStoreFile))
def create(store_id: str, body: NewFile, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Attach a file, which is indexed in the background."""
    return shown_store_file(attach_file(server, caller, store_id, attachment_of(server, body)))


@router.get("", responses=answers(ListOf[VectorStoreFile]))
def get_all(
    store_id: str,
    server: ServerOf,
    caller: CallerOf,
    filter: StateOf | None = None,  # noqa: A002 - OpenAI's name
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the files of a store, the newest first."""
    page = list_store_files(
        server, caller, store_id, state=filter, limit=limit, after=after, before=before, order=order
    )
    return listed(page, shown_store_file)


@router.get("/{file_id}", responses=answers(VectorStoreFile))
def get(store_id: str, file_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one file of the store."""
    return shown_store_file(find_store_file(server, caller, store_id, file_id))


@router.post("/{file_id}", responses=answers(VectorStoreFile))
def change(
    store_id: str, file_id: str, body: FileChange, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Change the attributes of a file."""
    return shown_store_file(describe(server, caller, store_id, file_id, body.attributes))


@router.delete("/{file_id}", responses=answers(VectorStoreFileDeleted))
def delete(store_id: str, file_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Remove a file from the store; the file itself is kept."""
    detach(server, caller, store_id, file_id)
    return {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}


@router.get("/{file_id}/content", responses=answers(ContentPage))
def get_content(store_id: str, file_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the text that was read from a file, chunk by chunk."""
    chunks = chunks_of_file(server, caller, store_id, file_id)
    return {
        "object": "vector_store.file_content.page",
        "data": [{"type": "text", "text": chunk.text} for chunk in chunks],
        "has_more": False,
        "next_page": None,
    }


def attachment_of(server: Server, wanted: NewFile) -> Attachment:
    """Return what a request wants attached, and how."""
    default = server.workspace.settings.retrieval.chunk_tokens
    chunk_tokens = chunk_tokens_of(wanted.chunking_strategy, default=default)
    return Attachment(wanted.file_id, wanted.attributes or {}, chunk_tokens)


def shown_store_file(file: Record) -> dict[str, Any]:
    """Return a vector store file object."""
    body: Mapping[str, Any] = file.body
    return {
        "id": body["file"],
        "object": "vector_store.file",
        "created_at": int(file.created_at),
        "usage_bytes": body["usage_bytes"],
        "vector_store_id": file.parent,
        "status": file.label,
        "last_error": body["last_error"],
        "attributes": body["attributes"],
        "chunking_strategy": static_strategy(body["chunk_tokens"]),
    }
