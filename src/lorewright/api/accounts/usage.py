"""`/lorewright/v1/usage`: requests, tokens, money and time, by day, key, user and model."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.workspace.accounts.usage import total, used

router = APIRouter(prefix="/lorewright/v1/usage", tags=["usage"])

DAYS = 30
Group = Literal["day", "key", "user", "model"]


@router.get("")
def get_usage(
    server: ServerOf,
    caller: CallerOf,
    start: date | None = None,
    end: date | None = None,
    group_by: Annotated[list[Group], Query()] = ["day", "key", "model"],  # noqa: B006 - read only
    key: str = "",
    model: str = "",
) -> dict[str, Any]:
    """Return what was used in the last 30 days, or from `start` to `end` (UTC, both included).

    Administrators see everybody's, others their own. What is not in `group_by` is summed.
    """
    last = end or datetime.now(UTC).date()
    rows = used(
        server,
        caller,
        start=start or last - timedelta(days=DAYS - 1),
        end=last,
        by=group_by,
        key=key,
        model=model,
    )
    return {
        "object": "list",
        "data": [{"object": "usage", **row} for row in rows],
        "total": total(rows),
        "has_more": False,
    }
