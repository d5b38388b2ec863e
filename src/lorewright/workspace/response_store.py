"""Responses that are kept: with what was asked, what came before, and who may see them."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lorewright.access import Key
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Record
from lorewright.workspace.home import Home
from lorewright.workspace.owned import get_owned, is_own
from lorewright.workspace.response_items import Item

KIND = "response"
KEPT_DAYS = 30
"""How long a response is kept, as at OpenAI."""
_SECONDS_A_DAY = 86_400
_N_REMOVED_AT_ONCE = 20


def keep_response(home: Home, caller: Key, response: Mapping[str, Any], given: list[Item]) -> None:
    """Keep a response with the items it was asked with, or how it stands now."""
    records = home.records(KIND)
    body = {"response": dict(response), "input": given}
    if records.find(response["id"]) is None:
        records.add(response["id"], body, owner=caller.id, label=response["status"])
        _remove_old(home)
    else:
        with suppress(NotFound):  # deleted while it was made
            records.change(response["id"], lambda _: body, label=response["status"])


def find_response(home: Home, caller: Key, response_id: str) -> Record:
    """Return a kept response; raise `NotFound` for one that is not there or another key's."""
    caller.need("chat")
    return get_owned(home.records(KIND), response_id, caller)


def delete_response(home: Home, caller: Key, response_id: str) -> None:
    """Remove a response; what it said to a conversation stays there."""
    home.records(KIND).remove(find_response(home, caller, response_id).id)


def items_before(home: Home, caller: Key, response_id: str | None) -> list[Item]:
    """Return all that was said up to a response, the oldest first; raise `BadParameter` where it is unknown."""
    turns: list[list[Item]] = []
    seen: set[str] = set()
    while response_id and response_id not in seen:
        seen.add(response_id)
        record = home.records(KIND).find(response_id)
        if record is None or not is_own(caller, record):
            raise BadParameter(
                "previous_response_id",
                f"Previous response with id {response_id!r} not found.",
                code="previous_response_not_found",
            )
        response = record.body["response"]
        if response["status"] not in ("completed", "incomplete"):
            raise BadParameter(
                "previous_response_id",
                f"The response {response_id!r} is {response['status']}: go on from one that is completed.",
            )
        turns.append([*record.body["input"], *response["output"]])
        response_id = response["previous_response_id"]
    return [item for turn in reversed(turns) for item in turn]


def list_given(
    home: Home, caller: Key, response_id: str, *, limit: int = 20, after: str = "", order: Order = "desc"
) -> tuple[list[Item], bool]:
    """Return a page of the items that a response was asked with, and whether there are more."""
    items: list[Item] = list(find_response(home, caller, response_id).body["input"])
    ordered = items if order == "asc" else items[::-1]
    ids = [item["id"] for item in ordered]
    if after and after not in ids:
        raise BadParameter("after", f"There is no {after!r} in this list to go on from.")
    rest = ordered[ids.index(after) + 1 :] if after else ordered
    return rest[:limit], len(rest) > limit


def _remove_old(home: Home) -> None:
    """Let some of those go whose time is over; each new response takes its share of the work."""
    records = home.records(KIND)
    oldest = records.page(limit=_N_REMOVED_AT_ONCE, order="asc").records
    for record in oldest:
        if record.created_at < time.time() - KEPT_DAYS * _SECONDS_A_DAY:
            with suppress(NotFound):
                records.remove(record.id)
