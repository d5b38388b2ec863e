"""Lists as OpenAI's API shows them: a page, where it begins and ends, and whether it goes on."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import AfterValidator

from lorewright.storage import Page, Record

Limit = Annotated[int, Query(ge=1), AfterValidator(lambda given: min(given, 100))]
"""How many are on a page: as in OpenAI's API more than a hundred are a hundred."""
LongLimit = Annotated[int, Query(ge=1), AfterValidator(lambda given: min(given, 10_000))]
OrderOf = Literal["asc", "desc"]


def listed(page: Page, render: Callable[[Record], dict[str, Any]]) -> dict[str, Any]:
    """Return a page of records as a list object."""
    return listed_values([render(record) for record in page.records], has_more=page.has_more)


def listed_values(data: Sequence[dict[str, Any]], *, has_more: bool = False) -> dict[str, Any]:
    """Return objects that have an `id` as a list object."""
    return {
        "object": "list",
        "data": list(data),
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }
