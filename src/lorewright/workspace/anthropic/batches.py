"""Batches in the words of Anthropic's API: many messages at once, answered in the background."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import Field

from lorewright.access import Caller
from lorewright.errors import BadParameter, Busy, NotFound
from lorewright.request_body import RequestBody
from lorewright.storage import Page, Record
from lorewright.workspace.anthropic.errors import anthropic_error
from lorewright.workspace.collections.files import keep_file, own_file, path_of, remove_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.batches.batches import MESSAGES, cancel_batch, find_batch, started_batch
from lorewright.workspace.openai.batches.lines import MAX_LINES
from lorewright.workspace.openai.batches.run import BATCHES, OVER
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of

ENDPOINT = "/v1/messages"


class BatchItem(RequestBody):
    """One message of a batch, under the id that its caller gives it."""

    custom_id: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    params: dict[str, Any]


def create_message_batch(server: Server, caller: Caller, requests: Sequence[BatchItem]) -> Record:
    """Return the new batch; each message is checked when its turn comes, as at Anthropic."""
    caller.need("chat")
    if not 1 <= len(requests) <= MAX_LINES:
        raise BadParameter("requests", f"requests has {len(requests)} items; it must have 1 to {MAX_LINES}.")
    seen: set[str] = set()
    for place, item in enumerate(requests):
        if item.custom_id in seen:
            raise BadParameter(f"requests.{place}.custom_id", f"{item.custom_id!r} is in requests twice.")
        seen.add(item.custom_id)
    batch_id = f"msgbatch_{uuid4().hex}"
    file = keep_file(
        server, map(_line, requests), filename=f"{batch_id}.jsonl", purpose="batch", owner=caller.id
    )
    return started_batch(
        server, caller, batch_id, label=MESSAGES, n_requests=len(requests), input_file_id=file.id,
        endpoint=ENDPOINT, metadata=None, output_expires_after=None,
    )  # fmt: skip


def list_message_batches(
    server: Server, caller: Caller, *, limit: int = 20, after: str = "", before: str = ""
) -> Page:
    """Return a page of the batches that a caller may see, the newest first."""
    caller.need("chat")
    return server.records(BATCHES).page(
        owner=owner_of(caller), label=MESSAGES, limit=limit, after=after, before=before
    )


def find_message_batch(server: Server, caller: Caller, batch_id: str) -> Record:
    """Return a batch; raise `NotFound` for one that is not there or another's."""
    caller.need("chat")
    return find_batch(server, caller, batch_id, label=MESSAGES)


def cancel_message_batch(server: Server, caller: Caller, batch_id: str) -> Record:
    """Return the batch, which ends at the message it is at; what was answered stays."""
    caller.need("chat")
    return cancel_batch(server, caller, batch_id, label=MESSAGES)


def delete_message_batch(server: Server, caller: Caller, batch_id: str) -> None:
    """Remove a batch that is over, with its results."""
    batch = _ended(find_message_batch(server, caller, batch_id))
    server.records(BATCHES).remove(batch.id)
    for name in ("input_file_id", "output_file_id", "error_file_id"):
        file = server.records("file").find(batch.body[name] or "")
        if file is not None:
            remove_file(server, file)
    audit(server.workspace, caller, Act.BATCH_REMOVED, batch.id)


def message_results(server: Server, caller: Caller, batch_id: str) -> Iterator[dict[str, Any]]:
    """Return what became of every message: those answered first, then those that failed, then the rest."""
    batch = _ended(find_message_batch(server, caller, batch_id))
    if batch.body["status"] == "failed":
        raise NotFound(f"The batch {batch.id} has no results: {batch.body['errors'][0]['message']}")
    paths = {
        name: path_of(server, own_file(server, caller, batch.body[name]))
        for name in ("input_file_id", "output_file_id", "error_file_id")
        if batch.body[name]
    }
    return _results(paths)


def _results(paths: Mapping[str, Path]) -> Iterator[dict[str, Any]]:
    open_ids = dict.fromkeys(line["custom_id"] for line in _lines(paths["input_file_id"]))
    for name in ("output_file_id", "error_file_id"):
        for line in _lines(paths[name]) if name in paths else ():
            open_ids.pop(line["custom_id"])
            yield {"custom_id": line["custom_id"], "result": _result(line)}
    for custom_id in open_ids:
        yield {"custom_id": custom_id, "result": {"type": "canceled"}}


def _result(line: Mapping[str, Any]) -> dict[str, Any]:
    if line["error"]:
        return {"type": "expired"}
    response = line["response"]
    if response["status_code"] != 200:
        return {"type": "errored", "error": anthropic_error(response["body"], response["request_id"])}
    return {"type": "succeeded", "message": response["body"]}


def _ended(batch: Record) -> Record:
    if batch.body["status"] not in OVER:
        raise Busy(
            f"The batch {batch.id} is not over yet.",
            hint="Wait until its processing_status is 'ended', or cancel it.",
        )
    return batch


def _line(item: BatchItem) -> bytes:
    line = {"custom_id": item.custom_id, "method": "POST", "url": ENDPOINT, "body": item.params}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)
