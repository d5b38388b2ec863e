"""`/v1/vector_stores/{id}/file_batches`: many files attached at once."""

from typing import Any

from fastapi import APIRouter
from openai.types.vector_stores import VectorStoreFile, VectorStoreFileBatch

from lorewright.access import Caller
from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.api.openai.vector_store_files import NewFile, StateOf, attachment_of, shown_store_file
from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.collections.batches import (
    cancel_batch,
    create_batch,
    find_batch,
    list_batch_files,
    state_of_batch,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/vector_stores/{store_id}/file_batches", tags=["vector stores"])


class NewBatch(RequestBody):
    """A request to attach files: ids with settings for all, or files with settings of their own."""

    file_ids: list[str] | None = None
    files: list[NewFile] | None = None
    attributes: dict[str, Any] | None = None
    chunking_strategy: dict[str, Any] | None = None

    def wanted(self) -> list[NewFile]:
        """Return every file with its settings."""
        if (self.file_ids is None) == (self.files is None):
            raise BadParameter("file_ids", "Provide either file_ids or files.")
        if self.files is not None:
            return self.files
        return [
            NewFile(file_id=file_id, attributes=self.attributes, chunking_strategy=self.chunking_strategy)
            for file_id in self.file_ids or ()
        ]


@router.post("", responses=answers(VectorStoreFileBatch))
def create(store_id: str, body: NewBatch, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Attach files, which are indexed in the background."""
    attachments = [attachment_of(server, wanted) for wanted in body.wanted()]
    return _as_json(server, caller, create_batch(server, caller, store_id, attachments))


@router.get("/{batch_id}", responses=answers(VectorStoreFileBatch))
def get(store_id: str, batch_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one batch."""
    return _as_json(server, caller, find_batch(server, caller, store_id, batch_id))


@router.post("/{batch_id}/cancel", responses=answers(VectorStoreFileBatch))
def cancel(store_id: str, batch_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a batch; files that were already indexed are kept."""
    return _as_json(server, caller, cancel_batch(server, caller, store_id, batch_id))


@router.get("/{batch_id}/files", responses=answers(ListOf[VectorStoreFile]))
def get_files(
    store_id: str,
    batch_id: str,
    server: ServerOf,
    caller: CallerOf,
    filter: StateOf | None = None,  # noqa: A002 - OpenAI's name
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the files of a batch, the newest first."""
    page = list_batch_files(
        server, caller, store_id, batch_id, state=filter, limit=limit, after=after, before=before, order=order
    )
    return listed(page, shown_store_file)


def _as_json(server: Server, caller: Caller, batch: Record) -> dict[str, Any]:
    status, counts = state_of_batch(server, caller, batch)
    return {
        "id": batch.id,
        "object": "vector_store.files_batch",
        "created_at": int(batch.created_at),
        "vector_store_id": batch.parent,
        "status": status,
        "file_counts": counts,
    }
