"""Batches: a file of requests, answered in the background, their answers in a file."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter, Busy, NotFound
from lorewright.storage import Page, Record
from lorewright.workspace.collections.files import own_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.batches.run import BATCHES, ENDPOINTS, KIND, OVER
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of

WINDOW_SECONDS = 24 * 3600
MESSAGES = "messages"
"""The label of batches in the words of Anthropic's API, which come and go by an address of their own."""
OURS = tuple(endpoint for endpoint in ENDPOINTS if endpoint != "/v1/messages")
TIMES = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
"""The states that a batch remembers when it came to."""


def create_batch(
    server: Server,
    caller: Caller,
    *,
    input_file_id: str,
    endpoint: str,
    metadata: Mapping[str, Any] | None = None,
    output_expires_after_seconds: int | None = None,
) -> Record:
    """Return the new batch, which goes on in the background."""
    if endpoint not in OURS:
        raise BadParameter("endpoint", f"endpoint is {endpoint!r}; it must be one of: {', '.join(OURS)}.")
    caller.need(ENDPOINTS[endpoint].verb)
    file = own_file(server, caller, input_file_id)
    if file.body["purpose"] != "batch":
        raise BadParameter(
            "input_file_id",
            f"The file {input_file_id} is for {file.body['purpose']}; upload it with the purpose 'batch'.",
        )
    return started_batch(
        server,
        caller,
        f"batch_{uuid4().hex}",
        input_file_id=input_file_id,
        endpoint=endpoint,
        metadata=checked_metadata(metadata),
        output_expires_after=output_expires_after_seconds,
    )


def started_batch(
    server: Server, caller: Caller, batch_id: str, *, label: str = "", n_requests: int = 0, **fields: Any
) -> Record:
    """Return a new batch whose file was checked; it goes on in the background."""
    body = {
        "completion_window": "24h", "status": "validating", "errors": None, "output_file_id": None,
        "error_file_id": None, "request_counts": {"total": n_requests, "completed": 0, "failed": 0},
        "model": None, "usage": None, "expires_at": int(time.time()) + WINDOW_SECONDS, **fields,
    }  # fmt: skip
    batch = server.records(BATCHES).add(batch_id, body, owner=caller.id, label=label)
    server.start(KIND, {"batch_id": batch.id})
    audit(server.workspace, caller, Act.BATCH_CREATED, batch.id, endpoint=fields["endpoint"])
    return batch


def list_batches(server: Server, caller: Caller, *, limit: int = 20, after: str = "") -> Page:
    """Return a page of the batches that a caller may see, the newest first."""
    _need_any(caller)
    return server.records(BATCHES).page(owner=owner_of(caller), label="", limit=limit, after=after)


def find_batch(server: Server, caller: Caller, batch_id: str, *, label: str = "") -> Record:
    """Return a batch; raise `NotFound` for one that is not there or another's."""
    _need_any(caller)
    batch = get_owned(server.records(BATCHES), batch_id, caller)
    if batch.label != label:
        raise NotFound(f"No batch found with id {batch_id!r}.")
    return batch


def cancel_batch(server: Server, caller: Caller, batch_id: str, *, label: str = "") -> Record:
    """Return the batch, which ends at the line it is at; what was answered stays."""

    def cancel(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] in OVER:
            raise Busy(f"The batch {batch_id} is {body['status']} and cannot be cancelled.")
        return {"cancelling_at": int(time.time()), **body, "status": "cancelling"}

    find_batch(server, caller, batch_id, label=label)
    cancelled = server.records(BATCHES).change(batch_id, cancel)
    audit(server.workspace, caller, Act.BATCH_CANCELLED, batch_id)
    return cancelled


def _need_any(caller: Caller) -> None:
    """Raise `NotAllowed` for a caller who may do nothing that batches do."""
    caller.need(*sorted({endpoint.verb for endpoint in ENDPOINTS.values()}))


def batches_with(server: Server, file_id: str) -> Iterator[str]:
    """Yield the ids of the batches under way that read a file."""
    for batch in server.records(BATCHES).all():
        if batch.body["status"] not in OVER and batch.body["input_file_id"] == file_id:
            yield batch.id
