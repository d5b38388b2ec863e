"""Who did what to which thing, when, and through which door: written once, never changed."""

from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.storage import Order, Page, Records
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.origin import current_origin
from lorewright.workspace.domain.workspace import Workspace

KIND = "audit"
_MAX_CHARACTERS = 200


def audit(workspace: Workspace, by: Caller | None, act: Act, thing: str = "", **facts: Any) -> None:
    """Write down what was done by whom (`None`: nobody we know); facts must hold no secret."""
    origin = current_origin()
    body = {
        "action": str(act), "thing": thing[:_MAX_CHARACTERS], "who": by.id if by else None,
        "name": by.name if by else None, "user": by.user or None if by else None,
        "address": origin.address, "door": origin.door, "request_id": origin.request_id or None,
        "facts": facts,
    }  # fmt: skip
    records = Records(workspace.database, KIND)
    records.add(f"audit_{uuid4().hex}", body, owner=by.id if by else "", label=str(act))


def list_audit(
    workspace: Workspace,
    caller: Caller,
    *,
    action: str | None = None,
    who: str | None = None,
    limit: int = 20,
    after: str = "",
    before: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of what was done; raise `NotAllowed` for all but administrators."""
    caller.need("admin")
    return Records(workspace.database, KIND).page(
        label=action, owner=who, limit=limit, after=after, before=before, order=order
    )
