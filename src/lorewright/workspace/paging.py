"""Lists that are filtered by rights, page by page."""

from collections.abc import Sequence

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


def _place(places: dict[str, int], param: str, record_id: str) -> int:
    if record_id not in places:
        raise BadParameter(param, f"There is no {record_id!r} in this list to go on from.")
    return places[record_id]
