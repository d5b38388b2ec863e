"""`/v1/batches`: files of requests, answered in the background."""

from typing import Any, Literal

from fastapi import APIRouter
from openai.types import Batch
from pydantic import Field

from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.openai.batches.batches import (
    TIMES,
    cancel_batch,
    create_batch,
    find_batch,
    list_batches,
)

router = APIRouter(prefix="/v1/batches", tags=["batches"])


class ExpiresAfter(RequestBody):
    """How long the output files are kept."""

    anchor: Literal["created_at"]
    seconds: int = Field(ge=3600, le=2_592_000)


class BatchRequest(RequestBody):
    """A request for a batch."""

    input_file_id: str
    endpoint: str
    completion_window: Literal["24h"]
    metadata: dict[str, Any] | None = None
    output_expires_after: ExpiresAfter | None = None


@router.post("", responses=answers(Batch))
def post_batch(body: BatchRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a batch in the background."""
    expires = body.output_expires_after
    batch = create_batch(
        server,
        caller,
        input_file_id=body.input_file_id,
        endpoint=body.endpoint,
        metadata=body.metadata,
        output_expires_after_seconds=expires.seconds if expires else None,
    )
    return shown_batch(batch)


@router.get("", responses=answers(ListOf[Batch]))
def get_batches(server: ServerOf, caller: CallerOf, after: str = "", limit: Limit = 20) -> dict[str, Any]:
    """List batches, the newest first."""
    return listed(list_batches(server, caller, limit=limit, after=after), shown_batch)


@router.get("/{batch_id}", responses=answers(Batch))
def get_batch(batch_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one batch."""
    return shown_batch(find_batch(server, caller, batch_id))


@router.post("/{batch_id}/cancel", responses=answers(Batch))
def post_cancel(batch_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a batch; completed answers are kept in its files."""
    return shown_batch(cancel_batch(server, caller, batch_id))


def shown_batch(batch: Record) -> dict[str, Any]:
    """Return a batch object."""
    body = batch.body
    copied = (
        "endpoint", "input_file_id", "completion_window", "status", "output_file_id", "error_file_id",
        "expires_at", "request_counts", "metadata", "model", "usage",
    )  # fmt: skip
    return {
        "id": batch.id,
        "object": "batch",
        "created_at": int(batch.created_at),
        "errors": {"object": "list", "data": body["errors"]} if body["errors"] else None,
        **{name: body[name] for name in copied},
        **{f"{state}_at": body.get(f"{state}_at") for state in TIMES},
    }
