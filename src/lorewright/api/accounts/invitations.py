"""`/lorewright/v1/invitations`: links with which people make their own account."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from lorewright.access import Role
from lorewright.access.invitations import Invitation
from lorewright.api.accounts.users import shown_user
from lorewright.api.http.caller import CallerOf, DomainOf, ServerOf
from lorewright.api.http.origins import need_own_page
from lorewright.api.http.session_cookies import give_session
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.invitations import (
    accept_invitation,
    invite,
    open_invitations,
    withdraw_invitation,
)

router = APIRouter(prefix="/lorewright/v1/invitations", tags=["users"])


class NewInvitation(RequestBody):
    """A request for an invitation; groups by id or name."""

    model_config = ConfigDict(extra="forbid")

    role: Role = "reader"
    name: str = Field(default="", max_length=200)
    groups: list[str] = Field(default=[], max_length=100)
    days: float = 7


class Acceptance(RequestBody):
    """The name and password that somebody chose for the account they are invited to."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(min_length=1, max_length=200)
    name: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)


@router.post("")
def create(body: NewInvitation, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create an invitation; its token is returned only here. For administrators."""
    invitation, token = invite(
        server, caller, role=body.role, name=body.name, groups=body.groups, days=body.days
    )
    return {**shown_invitation(invitation), "token": token, "path": f"/studio/invitation#token={token}"}


@router.get("")
def get_all(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the invitations that were not accepted yet; for administrators."""
    return {"object": "list", "data": [shown_invitation(one) for one in open_invitations(server, caller)]}


@router.delete("/{invitation_id}")
def delete(invitation_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Withdraw an invitation."""
    withdraw_invitation(server, caller, invitation_id)
    return {"id": invitation_id, "object": "invitation.deleted", "deleted": True}


@router.post("/accept")
def accept(
    body: Acceptance, request: Request, response: Response, server: ServerOf, domain: DomainOf
) -> dict[str, Any]:
    """Create the account that an invitation is for, and log in; the token is all that is needed."""
    need_own_page(request, server)
    user, session = accept_invitation(server, body.token, name=body.name, password=body.password)
    expires_at = give_session(response, request, domain, session)
    return {"object": "session", "user": shown_user(user), "expires_at": expires_at}


def shown_invitation(invitation: Invitation) -> dict[str, Any]:
    """Return an invitation object; its token is not part of it."""
    return {
        "id": invitation.id,
        "object": "invitation",
        "created_at": int(invitation.created_at),
        "expires_at": int(invitation.expires_at),
        "role": invitation.role,
        "name": invitation.name or None,
        "groups": list(invitation.groups),
        "invited_by": invitation.by,
    }
