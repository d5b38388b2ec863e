"""Identities: who somebody is at an OpenID provider, and which user that is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lorewright.storage import Database, Record, Records

KIND = "identity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Somebody at a provider, the user they are, and the ids of the groups that the provider put them in."""

    user: str
    issuer: str
    subject: str
    groups: tuple[str, ...] = ()


class Identities:
    """The identities that one server knows."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)

    def find(self, issuer: str, subject: str) -> Identity | None:
        """Return who this is, or `None` for somebody new."""
        record = self._records.find(_id(issuer, subject))
        return _identity(record) if record else None

    def has(self, user_id: str) -> bool:
        """Return whether a user is somebody at a provider."""
        return bool(self._records.all(parent=user_id))

    def add(self, user_id: str, issuer: str, subject: str) -> Identity:
        """Return the new identity of a user; it takes the place of one whose user is gone."""
        body = {"issuer": issuer, "subject": subject, "groups": []}
        if self._records.find(_id(issuer, subject)) is not None:
            self._records.remove(_id(issuer, subject))
        return _identity(self._records.add(_id(issuer, subject), body, parent=user_id))

    def put_in(self, identity: Identity, groups: Sequence[str]) -> None:
        """Keep which groups the provider has put somebody in."""
        place = _id(identity.issuer, identity.subject)
        self._records.change(place, lambda body: {**body, "groups": list(groups)})

    def forget(self, user_id: str) -> None:
        """Let the identities of a user go."""
        self._records.remove_all(parent=user_id)


def _identity(record: Record) -> Identity:
    body: Mapping[str, Any] = record.body
    return Identity(
        user=record.parent, issuer=body["issuer"], subject=body["subject"], groups=tuple(body["groups"])
    )


def _id(issuer: str, subject: str) -> str:
    return f"identity_{sha256(f'{issuer}{chr(0)}{subject}'.encode()).hexdigest()}"
