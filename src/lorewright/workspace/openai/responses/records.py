"""Responses that are kept: with what was asked, what came before, and who may see them."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.responses.items import Item
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of

KIND, EVENTS = "response", "response_events"
OVER = ("completed", "incomplete", "failed", "cancelled")
KEPT_DAYS = 30
"""How long a response is kept, as at OpenAI."""
_SECONDS_A_DAY = 86_400
_N_REMOVED_AT_ONCE = 20


def keep_response(
    server: Server, caller: Caller, pending: PendingResponse, response: Mapping[str, Any]
) -> None:
    """Keep a response with the items it was asked with; one in the background is kept already."""
    if pending.request.background:
        with suppress(NotFound):  # deleted while it was made
            change_response(server, response["id"], response)
        return
    server.records(KIND).add(
        response["id"], {"response": dict(response), "input": pending.given}, owner=caller.id
    )
    _remove_old(server)


def keep_background(server: Server, caller: Caller, pending: PendingResponse) -> None:
    """Keep a response that is not made yet, with all that it takes to make it."""
    request = pending.request.model_dump(exclude_none=True)
    body = {"response": pending.response, "input": pending.given, "request": request}
    server.records(KIND).add(pending.response["id"], body, owner=caller.id)
    _remove_old(server)


def change_response(server: Server, response_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept response with changes; one that is over stays as it is."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["response"]["status"] in OVER:
            return body
        return body | {"response": body["response"] | dict(changes)}

    response: dict[str, Any] = server.records(KIND).change(response_id, change).body["response"]
    return response


def keep_events(server: Server, response_id: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Keep what a stream told, for those who ask for it again."""
    server.records(EVENTS).put(
        f"events/{response_id}", lambda _: {"events": list(events)}, parent=response_id
    )


def kept_events(server: Server, response_id: str) -> list[dict[str, Any]]:
    """Return what a stream told, if it was kept."""
    record = server.records(EVENTS).find(f"events/{response_id}")
    return list(record.body["events"]) if record else []


def find_response(server: Server, caller: Caller, response_id: str) -> Record:
    """Return a kept response; raise `NotFound` for one that is not there or another key's."""
    caller.need("chat")
    return get_owned(server.records(KIND), response_id, caller)


def delete_response(server: Server, caller: Caller, response_id: str) -> None:
    """Remove a response; what it said to a conversation stays there."""
    _remove(server, find_response(server, caller, response_id).id)
    audit(server.workspace, caller, Act.RESPONSE_REMOVED, response_id)


def items_before(server: Server, caller: Caller, response_id: str | None) -> list[Item]:
    """Return all that was said up to a response, the oldest first.

    Raises `BadParameter` for a response that is not there, another key's, or not completed.
    """
    turns: list[list[Item]] = []
    seen: set[str] = set()
    while response_id and response_id not in seen:
        seen.add(response_id)
        record = server.records(KIND).find(response_id, owner=owner_of(caller))
        if record is None:
            raise BadParameter(
                "previous_response_id",
                f"Previous response with id {response_id!r} not found.",
                code="previous_response_not_found",
            )
        response = record.body["response"]
        if response["status"] not in ("completed", "incomplete"):
            raise BadParameter(
                "previous_response_id",
                f"The response {response_id!r} is {response['status']}: continue a completed one.",
            )
        turns.append([*record.body["input"], *response["output"]])
        response_id = response["previous_response_id"]
    return [item for turn in reversed(turns) for item in turn]


def list_given(
    server: Server,
    caller: Caller,
    response_id: str,
    *,
    limit: int = 20,
    after: str = "",
    order: Order = "desc",
) -> tuple[list[Item], bool]:
    """Return a page of the items that a response was asked with, and whether there are more."""
    items: list[Item] = list(find_response(server, caller, response_id).body["input"])
    ordered = items if order == "asc" else items[::-1]
    ids = [item["id"] for item in ordered]
    if after and after not in ids:
        raise BadParameter("after", f"{after!r} is not in this list and cannot be used as a cursor.")
    rest = ordered[ids.index(after) + 1 :] if after else ordered
    return rest[:limit], len(rest) > limit


def _remove_old(server: Server) -> None:
    """Let some of those go whose time is over; each new response takes its share of the work."""
    records = server.records(KIND)
    oldest = records.page(limit=_N_REMOVED_AT_ONCE, order="asc").records
    for record in oldest:
        if record.created_at < time.time() - KEPT_DAYS * _SECONDS_A_DAY:
            with suppress(NotFound):
                _remove(server, record.id)


def _remove(server: Server, response_id: str) -> None:
    server.resumable_work.stop(response_id)
    server.records(KIND).remove(response_id)
    server.records(EVENTS).remove_all(parent=response_id)
