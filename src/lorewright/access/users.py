"""People: their name, their role, and the hash of their password."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from lorewright.access.limits import Limits, limits_from
from lorewright.access.roles import Role
from lorewright.storage import Database, Record, Records

KIND = "user"


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person; without `password_hash` they cannot log in, when not `is_active` their keys rest too."""

    id: str
    name: str
    role: Role = "reader"
    is_active: bool = True
    password_hash: str = field(default="", repr=False)
    limits: Limits = field(default_factory=Limits)
    created_at: float = 0.0


class Users:
    """The users of one server; their names are unique, however they are written."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)

    def add(
        self, name: str, *, role: Role = "reader", password_hash: str = "", limits: Limits | None = None
    ) -> User:
        """Return the new user."""
        body = {
            "name": name, "role": role, "is_active": True, "password_hash": password_hash,
            "limits": (limits or Limits()).to_json(),
        }  # fmt: skip
        return user_in(self._records.add(f"user_{uuid4().hex}", body, label=_key(name)))

    def get(self, user_id: str) -> User:
        """Return a user by the id; raise `NotFound` where there is none."""
        return user_in(self._records.get(user_id))

    def find(self, user_id: str) -> User | None:
        """Return a user by the id, or `None`."""
        record = self._records.find(user_id)
        return user_in(record) if record else None

    def named(self, name: str) -> User | None:
        """Return a user by the name, or `None`."""
        records = self._records.all(label=_key(name)) if name.strip() else []
        return user_in(records[0]) if records else None

    def all(self) -> list[User]:
        """Return every user, the oldest first."""
        return [user_in(record) for record in self._records.all()]

    def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        """Return the user with these values of the body changed."""
        label = _key(values["name"]) if "name" in values else None
        return user_in(self._records.change(user_id, lambda body: {**body, **values}, label=label))

    def remove(self, user_id: str) -> None:
        """Let a user go; raise `NotFound` where there is none."""
        self._records.remove(user_id)


def user_in(record: Record) -> User:
    """Return the user that a record holds."""
    body = record.body
    return User(
        id=record.id,
        name=body["name"],
        role=cast(Role, body["role"]),
        is_active=body["is_active"],
        password_hash=body["password_hash"],
        limits=limits_from(body["limits"]),
        created_at=record.created_at,
    )


def _key(name: str) -> str:
    return name.strip().casefold()
