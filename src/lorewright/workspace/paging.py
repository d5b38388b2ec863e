"""Lists that are filtered by rights, page by page."""

from collections.abc import Sequence
from typing import Any

from lorewright.errors import BadParameter
from lorewright.storage import Order, Page, Record


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
        raise BadParameter(param, f"There is no {record_id!r} in this list to go on from.")
    return places[record_id]
