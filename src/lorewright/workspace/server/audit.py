"""Who did what to which thing, and when: written once, never changed."""

from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.storage import Order, Page
from lorewright.workspace.server.server import Server

KIND = "audit"
_MAX_CHARACTERS = 200


def audit(
    server: Server, by: Caller | None, action: str, thing: str = "", *, address: str = "", **facts: Any
) -> None:
    """Write down what was done by whom (`None`: nobody we know); facts must hold no secret."""
    body = {
        "action": action, "thing": thing[:_MAX_CHARACTERS], "who": by.id if by else None,
        "name": by.name if by else None, "user": by.user or None if by else None,
        "address": address, "facts": facts,
    }  # fmt: skip
    server.records(KIND).add(f"audit_{uuid4().hex}", body, owner=by.id if by else "", label=action)


def list_audit(
    server: Server,
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
    return server.records(KIND).page(
        label=action, owner=who, limit=limit, after=after, before=before, order=order
    )
