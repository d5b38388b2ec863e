"""Invitations: links that let somebody make an account of their own, once, before they expire."""

import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import cast
from uuid import uuid4

from lorewright.access.roles import Role
from lorewright.storage import Database, Record, Records

KIND = "invitation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """Who is invited: as what, into which groups (their ids), and until when in Unix seconds.

    `name` is a suggestion that the guest may change, `by` the name of whoever invited them.
    """

    id: str
    role: Role
    name: str
    groups: tuple[str, ...]
    expires_at: float
    by: str
    created_at: float

    @property
    def is_over(self) -> bool:
        """Whether it has expired."""
        return self.expires_at <= time.time()


class Invitations:
    """The invitations of one server that were not accepted yet."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)

    def make(
        self, role: Role, *, name: str, groups: tuple[str, ...], expires_at: float, by: str
    ) -> tuple[Invitation, str]:
        """Return a new invitation and its token, which nobody can read again."""
        token = secrets.token_urlsafe(32)
        body = {"role": role, "name": name, "groups": list(groups), "expires_at": expires_at, "by": by}
        record = self._records.add(f"invitation_{uuid4().hex}", body, label=_hash(token))
        return _invitation(record), token

    def find(self, token: str) -> Invitation | None:
        """Return the invitation with this token; `None` where it is not valid, or not any more."""
        records = self._records.all(label=_hash(token)) if token else []
        invitation = _invitation(records[0]) if records else None
        return None if invitation is None or invitation.is_over else invitation

    def all(self) -> list[Invitation]:
        """Return every invitation that is open, the oldest first; those that are over go."""
        invitations = [_invitation(record) for record in self._records.all()]
        for invitation in invitations:
            if invitation.is_over:
                self.remove(invitation.id)
        return [invitation for invitation in invitations if not invitation.is_over]

    def remove(self, invitation_id: str) -> None:
        """Let an invitation go; raise `NotFound` where there is none any more."""
        self._records.remove(invitation_id)


def _invitation(record: Record) -> Invitation:
    body = record.body
    return Invitation(
        id=record.id, role=cast(Role, body["role"]), name=body["name"], groups=tuple(body["groups"]),
        expires_at=body["expires_at"], by=body["by"], created_at=record.created_at,
    )  # fmt: skip


def _hash(token: str) -> str:
    # A token has 256 random bits: there is nothing to guess that a slow hash would protect.
    return sha256(token.encode()).hexdigest()
