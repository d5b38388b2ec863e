"""`/v1/messages/batches`: Anthropic's message batches."""

import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit
from lorewright.api.http.prefix import public_url
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.anthropic.batches import (
    BatchItem,
    cancel_message_batch,
    create_message_batch,
    delete_message_batch,
    find_message_batch,
    list_message_batches,
    message_results,
)
from lorewright.workspace.openai.batches.run import OVER

router = APIRouter(prefix="/v1/messages/batches", tags=["messages"])


class MessageBatchRequest(RequestBody):
    """A request for a batch."""

    requests: list[BatchItem]


@router.post("")
def create(body: MessageBatchRequest, request: Request, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a batch of messages in the background."""
    return _shown(create_message_batch(server, caller, body.requests), request)


@router.get("")
def get_page(
    request: Request,
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after_id: str = "",
    before_id: str = "",
) -> dict[str, Any]:
    """List batches of messages, the newest first."""
    page = list_message_batches(server, caller, limit=limit, after=after_id, before=before_id)
    data = [_shown(batch, request) for batch in page.records]
    ids = [batch["id"] for batch in data] or [None]
    return {"data": data, "has_more": page.has_more, "first_id": ids[0], "last_id": ids[-1]}


@router.get("/{batch_id}")
def get(batch_id: str, request: Request, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one batch of messages."""
    return _shown(find_message_batch(server, caller, batch_id), request)


class JsonLines(StreamingResponse):
    """One JSON object on a line."""

    media_type = "application/x-jsonl"


@router.get("/{batch_id}/results", response_class=JsonLines)
def get_results(batch_id: str, server: ServerOf, caller: CallerOf) -> JsonLines:
    """Return the results of a batch that has ended, one JSON object on a line."""
    results = message_results(server, caller, batch_id)
    lines = (json.dumps(result, ensure_ascii=False) + "\n" for result in results)
    return JsonLines(lines)


@router.post("/{batch_id}/cancel")
def post_cancel(batch_id: str, request: Request, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a batch of messages; completed answers are kept."""
    return _shown(cancel_message_batch(server, caller, batch_id), request)


@router.delete("/{batch_id}")
def delete(batch_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a batch of messages that has ended, with its results."""
    delete_message_batch(server, caller, batch_id)
    return {"id": batch_id, "type": "message_batch_deleted"}


def _shown(batch: Record, request: Request) -> dict[str, Any]:
    """Return a batch in Anthropic's shape; nothing is counted before it has ended."""
    body, has_ended = batch.body, batch.body["status"] in OVER
    status = "ended" if has_ended else "canceling" if body["status"] == "cancelling" else "in_progress"
    ended_at = next((body[f"{state}_at"] for state in OVER if body.get(f"{state}_at")), None)
    results = public_url(request, f"/v1/messages/batches/{batch.id}/results")
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": status,
        "request_counts": _counts(batch, has_ended=has_ended),
        "created_at": _time(batch.created_at),
        "expires_at": _time(body["expires_at"]),
        "ended_at": _time(ended_at) if has_ended else None,
        "cancel_initiated_at": _time(body.get("cancelling_at")),
        "archived_at": None,
        "results_url": results if has_ended and body["status"] != "failed" else None,
    }


def _counts(batch: Record, *, has_ended: bool) -> dict[str, int]:
    counted, n_expired = batch.body["request_counts"], batch.body.get("n_expired", 0)
    if not has_ended:
        return {"processing": counted["total"], "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
    n_left = counted["total"] - counted["completed"] - counted["failed"]
    has_failed = batch.body["status"] == "failed"
    return {
        "processing": 0,
        "succeeded": counted["completed"],
        "errored": counted["failed"] - n_expired + (n_left if has_failed else 0),
        "canceled": 0 if has_failed else n_left,
        "expired": n_expired,
    }


def _time(seconds: float | None) -> str | None:
    return (
        None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    )
