"""`/lorewright/v1/audit`: who did what to which thing, and when; for administrators."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.storage import Record
from lorewright.workspace.domain.audit import list_audit

router = APIRouter(prefix="/lorewright/v1/audit", tags=["audit"])


@router.get("")
def get_audit(
    server: ServerOf,
    caller: CallerOf,
    action: str | None = None,
    who: str | None = None,
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List audit entries, newest first, filtered by `action` and `who` (an id)."""
    page = list_audit(
        server.workspace, caller, action=action, who=who, limit=limit, after=after, before=before, order=order
    )
    return listed(page, _as_json)


def _as_json(entry: Record) -> dict[str, Any]:
    return {"id": entry.id, "object": "audit.entry", "at": entry.created_at, **entry.body}
