"""`/lorewright/v1/documents`: what the domain knows: listed, read with its chunks, uploaded, deleted."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, UploadFile
from pydantic import ConfigDict, Field

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.request_body import RequestBody
from lorewright.workspace.documents.files import delete_document
from lorewright.workspace.documents.listing import get_document, list_documents
from lorewright.workspace.documents.uploads import upload_documents
from lorewright.workspace.documents.web_pages import add_web_pages

router = APIRouter(prefix="/lorewright/v1/documents", tags=["documents"])

_PIECE_BYTES = 1 << 20
Part = Literal["text", "chunks", "versions"]


class WebPages(RequestBody):
    """Addresses of web pages and sitemaps."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[str] = Field(min_length=1, max_length=100)


@router.get("")
def get_documents(
    server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "", under: str = ""
) -> dict[str, Any]:
    """List documents in the order of their ids; `under` is a prefix of the ids."""
    page = list_documents(server.workspace, caller, limit=limit, after=after, under=under)
    return listed_values(page.documents, has_more=page.has_more)


@router.post("")
def create_documents(
    file: list[UploadFile],
    server: ServerOf,
    caller: CallerOf,
    under: Annotated[str, Form()] = "",
    replace: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of a form
) -> dict[str, Any]:
    """Upload files; a job reads and indexes them."""
    files = [(one.filename or "", iter(lambda one=one: one.file.read(_PIECE_BYTES), b"")) for one in file]  # type: ignore[misc]
    ids, job = upload_documents(server, caller, files, under=under, is_replacing=replace)
    return {"object": "documents.upload", "documents": ids, "job": shown_job(server, caller, job)}


@router.post("/pages")
def create_pages(body: WebPages, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Fetch web pages, or all pages that sitemaps name; a job reads and indexes them. For administrators."""
    job = add_web_pages(server, caller, body.addresses)
    return {"object": "documents.upload", "documents": [], "job": shown_job(server, caller, job)}


@router.get("/{document_id:path}")
def get_one_document(
    document_id: str,
    server: ServerOf,
    caller: CallerOf,
    include: Annotated[list[Part], Query()] = ["text"],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """Return one document, with its text, its chunks or its versions."""
    return get_document(server.workspace, caller, document_id, include)


@router.delete("/{document_id:path}")
def remove_document(document_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a document with its file."""
    delete_document(server.workspace, caller, document_id)
    return {"id": document_id, "object": "document", "deleted": True}
