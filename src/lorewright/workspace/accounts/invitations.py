"""Inviting people: an administrator makes a link, whoever has it makes their account with it, once."""

import time
from collections.abc import Sequence

from lorewright.access import Caller, Role
from lorewright.access.groups import EVERYONE
from lorewright.access.invitations import Invitation, Invitations
from lorewright.access.passwords import hash_password
from lorewright.access.users import User
from lorewright.errors import BadParameter, NotFound
from lorewright.workspace.accounts.login import begin_session
from lorewright.workspace.accounts.users_and_groups import make_user, need_free, put_group
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server

MAX_DAYS = 90
DAY_SECONDS = 24 * 3600


def invite(
    server: Server,
    caller: Caller,
    *,
    role: Role = "reader",
    name: str = "",
    groups: Sequence[str] = (),
    days: float = 7,
) -> tuple[Invitation, str]:
    """Return a new invitation and the token of its link, shown this once; for administrators."""
    caller.need("admin")
    if not 0 < days <= MAX_DAYS:
        raise BadParameter("days", f"days is {days:g}; it must be more than 0 and at most {MAX_DAYS}.")
    if name.strip():
        need_free(server, name)
    invitation, token = Invitations(server.workspace.database).make(
        role, name=name.strip(), groups=tuple(server.groups.ids_of(groups)),
        expires_at=time.time() + days * DAY_SECONDS, by=caller.name,
    )  # fmt: skip
    audit(server.workspace, caller, Act.INVITATION_CREATED, invitation.id, role=role, name=name or None)
    return invitation, token


def open_invitations(server: Server, caller: Caller) -> list[Invitation]:
    """Return the invitations that nobody accepted yet, the oldest first; for administrators."""
    caller.need("admin")
    return Invitations(server.workspace.database).all()


def withdraw_invitation(server: Server, caller: Caller, invitation_id: str) -> None:
    """Withdraw an invitation: its link is worth nothing from here on."""
    caller.need("admin")
    Invitations(server.workspace.database).remove(invitation_id)
    audit(server.workspace, caller, Act.INVITATION_WITHDRAWN, invitation_id)


def find_invitation(server: Server, token: str) -> Invitation:
    """Return the invitation of a link; raise `NotFound`, in the same words, whatever is wrong with it."""
    invitation = Invitations(server.workspace.database).find(token)
    if invitation is None:
        raise NotFound(
            "This invitation is not valid: it was used, withdrawn, or has expired.",
            hint="Ask an administrator for a new link.",
        )
    return invitation


def accept_invitation(server: Server, token: str, *, name: str, password: str) -> tuple[User, str]:
    """Return the new user of an invitation, and the token of their first session; the link is used up.

    Raises `NotFound` for a link that is not valid, and `BadParameter` for a name that is taken or a
    password that is too short; then the link stays valid.
    """
    invitation = find_invitation(server, token)
    # Before anything is hashed: that takes memory, which strangers must not have.
    need_free(server, name)
    password_hash = hash_password(password)
    with server.accounts_lock:
        need_free(server, name)
        Invitations(server.workspace.database).remove(invitation.id)
        user = make_user(
            server, None, name.strip(), invitation.role, password_hash=password_hash,
            facts={"invitation": invitation.id, "invited_by": invitation.by},
        )  # fmt: skip
        for group in server.groups.all():
            if group.id in invitation.groups and group.id != EVERYONE:
                put_group(server, None, group.id, {"users": [*group.users, user.id]}, joined=user.id)
    return user, begin_session(server, user)
