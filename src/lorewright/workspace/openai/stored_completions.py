"""Chat completions that their callers had stored: found, labelled, read again and deleted."""

from collections.abc import Mapping
from typing import Any

from lorewright.access import Caller
from lorewright.storage import Order, Page, Record, Records
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of, page_of

KIND = "chat_completion"
_REQUEST_FIELDS = (
    "frequency_penalty", "presence_penalty", "response_format", "seed", "temperature", "tool_choice",
    "tools", "top_p",
)  # fmt: skip


def store_chat(
    server: Server, caller: Caller, completion: Mapping[str, Any], request: Mapping[str, Any]
) -> Record:
    """Return the record of a whole completion with what was asked; it stays until it is deleted."""
    body = {
        "completion": dict(completion),
        "asked": dict(request),
        "metadata": checked_metadata(request.get("metadata")),
    }
    return server.records(KIND).add(
        str(completion["id"]), body, owner=caller.id, label=str(completion["model"])
    )


def find_chat(server: Server, caller: Caller, completion_id: str) -> Record:
    """Return a stored completion; raise `NotFound` for one that is not there, or another key's."""
    caller.need("chat")
    return get_owned(server.records(KIND), completion_id, caller)


def list_chats(
    server: Server,
    caller: Caller,
    *,
    model: str | None = None,
    metadata: Mapping[str, str] | None = None,
    limit: int = 20,
    after: str = "",
    order: Order = "asc",
) -> Page:
    """Return a page of the completions that a key may see, of a model and with metadata if given."""
    caller.need("chat")
    records = server.records(KIND)
    if not metadata:
        return records.page(owner=owner_of(caller), label=model, limit=limit, after=after, order=order)
    matching = [
        record
        for record in _visible(records, caller, model)
        if all(record.body["metadata"].get(name) == value for name, value in metadata.items())
    ]
    return page_of(matching, limit=limit, after=after, order=order)


def label_chat(
    server: Server, caller: Caller, completion_id: str, metadata: Mapping[str, Any] | None
) -> Record:
    """Return a stored completion with other metadata."""
    find_chat(server, caller, completion_id)
    checked = checked_metadata(metadata)
    return server.records(KIND).change(completion_id, lambda body: body | {"metadata": checked})


def delete_chat(server: Server, caller: Caller, completion_id: str) -> None:
    """Remove a stored completion."""
    server.records(KIND).remove(find_chat(server, caller, completion_id).id)
    audit(server.workspace, caller, Act.COMPLETION_REMOVED, completion_id)


def shown_chat(record: Record) -> dict[str, Any]:
    """Return a stored completion as its caller got it, with its metadata and how it was asked for."""
    request = record.body["asked"]
    return {
        **record.body["completion"],
        "metadata": record.body["metadata"],
        "input_user": request.get("user"),
        **{name: request.get(name) for name in _REQUEST_FIELDS},
    }


def asked_messages(record: Record) -> list[dict[str, Any]]:
    """Return the messages that a completion answers, the oldest first, each with an id."""
    return [_message(record.id, place, turn) for place, turn in enumerate(record.body["asked"]["messages"])]


def _message(completion_id: str, place: int, turn: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message; where its content was a list of parts, they stand beside their text."""
    content = turn.get("content")
    parts = content if isinstance(content, list) else None
    text = "".join(str(part.get("text") or "") for part in parts) if parts is not None else content
    extra = {name: turn[name] for name in ("name", "tool_calls", "tool_call_id") if turn.get(name)}
    return {
        "id": f"{completion_id}-{place}", "role": turn["role"], "content": text, "content_parts": parts,
        "refusal": turn.get("refusal"), **extra,
    }  # fmt: skip


def _visible(records: Records, caller: Caller, model: str | None) -> list[Record]:
    return records.all(owner=owner_of(caller), label=model)
