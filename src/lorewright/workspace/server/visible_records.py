"""Records that a caller may see, in pages."""

from collections.abc import Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter, NotFound
from lorewright.storage import Order, Page, Record, Records


def owner_of(caller: Caller) -> tuple[str, ...] | None:
    """Return whose records a key may list: its own and its user's, or `None` for everybody's."""
    return None if caller.is_admin else caller.owners


def is_own(caller: Caller, record: Record) -> bool:
    """Return whether a key may see a record as its own."""
    return caller.is_admin or record.owner in caller.owners


def get_owned(records: Records, record_id: str, caller: Caller, *, parent: str | None = None) -> Record:
    """Return a record; raise `NotFound`, in the same words, for what is not there or not for this key."""
    record = records.find(record_id, parent=parent, owner=owner_of(caller))
    if record is None:
        raise no_owned(records, record_id)
    return record


def no_owned(records: Records, record_id: str) -> NotFound:
    """Return the refusal of what is not there, or not for whoever asks."""
    return NotFound(f"No {records.kind.replace('_', ' ')} found with id {record_id!r}.")


def page_of(
    records: Sequence[Record], *, limit: int = 20, after: str = "", before: str = "", order: Order = "desc"
) -> Page:
    """Return at most `limit` of `records`, given the oldest first, between two ids (exclusive)."""
    ordered = list(records) if order == "asc" else list(reversed(records))
    places = {record.id: place for place, record in enumerate(ordered)}
    start = _place(places, "after", after) + 1 if after else 0
    end = _place(places, "before", before) if before else len(ordered)
    return Page(tuple(ordered[start:end][:limit]), end - start > limit)


def page_of_values(
    values: Sequence[dict[str, Any]], *, limit: int = 20, after: str = "", order: Order = "desc"
) -> tuple[list[dict[str, Any]], bool]:
    """Return at most `limit` of the values that have an `id`, and whether there are more.

    `values` come the oldest first.
    """
    ordered = list(values) if order == "asc" else list(reversed(values))
    places = {str(value["id"]): place for place, value in enumerate(ordered)}
    rest = ordered[_place(places, "after", after) + 1 :] if after else ordered
    return rest[:limit], len(rest) > limit


def _place(places: dict[str, int], param: str, record_id: str) -> int:
    if record_id not in places:
        raise BadParameter(param, f"{record_id!r} is not in this list and cannot be used as a cursor.")
    return places[record_id]
