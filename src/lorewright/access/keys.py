"""API keys: shown once, kept as a hash, revocable at once."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from lorewright.access.caller import LOCAL, Caller
from lorewright.access.groups import Groups
from lorewright.access.limits import Limits, limits_from
from lorewright.access.roles import Rights, both, rights_of
from lorewright.access.users import User, Users
from lorewright.errors import NotFound, Unauthenticated
from lorewright.storage import Database, Record, Records

PREFIX = "lw-"
KIND = "key"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """A key as it was made.

    `verbs` are the kinds of work that it may be used for (`chat`, `embed`, `files`, `stores`, `tune`,
    `evaluate`, `deploy`, ...), `models` and `stores` the ids that may be used with it; `"*"` stands
    for all. Without `expires_at` (Unix seconds) it lasts until it is revoked. It may belong to a
    `user`: then it may what both may.
    """

    id: str
    name: str
    is_admin: bool = False
    verbs: tuple[str, ...] = ("*",)
    models: tuple[str, ...] = ("*",)
    stores: tuple[str, ...] = ("*",)
    expires_at: float | None = None
    user: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def rights(self) -> Rights:
        """What may be done with this key."""
        return Rights(is_admin=self.is_admin, verbs=self.verbs, models=self.models, stores=self.stores)


class Keys:
    """The keys of one server."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, KIND)
        self._users = Users(database)
        self._groups = Groups(database)

    def make(
        self, name: str, *, user: str = "", limits: Limits | None = None, **rights: Any
    ) -> tuple[ApiKey, str]:
        """Return a new key and its secret, which nobody can read again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(id=f"key_{uuid4().hex}", name=name, user=user, limits=limits or Limits(), **rights)
        body = {
            "name": name, "is_admin": key.is_admin, "verbs": key.verbs, "models": key.models,
            "stores": key.stores, "expires_at": key.expires_at, "user": user,
            "limits": key.limits.to_json(), "redacted": f"{secret[:5]}...{secret[-4:]}",
        }  # fmt: skip
        self._records.add(key.id, body, parent=user, label=_hash(secret))
        return key, secret

    def who(self, secret: str) -> Caller:
        """Return the key with this secret; raise `Unauthenticated` for none, another, or one that is over."""
        records = self._records.all(label=_hash(secret)) if secret else []
        if not records:
            raise Unauthenticated(
                "The API key is missing or invalid.",
                hint="Send it as: Authorization: Bearer lw-...",
            )
        key = self._acting(key_in(records[0]))
        if key is None:
            name = records[0].body["name"]
            raise Unauthenticated(
                f"The key {name!r} has expired, or its user is inactive.",
                hint="Ask an administrator for a new key.",
            )
        return key

    def find(self, key_id: str) -> Caller | None:
        """Return a key by its id, or that of a user; `None` for one that was revoked or is over."""
        if key_id == LOCAL.id:
            return LOCAL
        record = self._records.find(key_id)
        if record is not None:
            return None if is_revoked(record) else self._acting(key_in(record))
        user = self._users.find(key_id)
        return self.of_user(user) if user else None

    def of_user(self, user: User) -> Caller | None:
        """Return what a user is as a caller; `None` for one who is not active."""
        return self._for(user, ApiKey(id=user.id, name=user.name, user=user.id, is_admin=True))

    def all(self, *, user: str | None = None) -> list[ApiKey]:
        """Return every key as it was made, or those of a user, the oldest first."""
        return [key_in(record) for record in self.records(user=user)]

    def records(self, *, user: str | None = None) -> list[Record]:
        """Return the records of all keys, or of those of a user, the oldest first."""
        return [record for record in self._records.all(parent=user) if not is_revoked(record)]

    def record(self, key_id: str) -> Record:
        """Return the record of a key; raise `NotFound` where there is none."""
        record = self._records.get(key_id)
        if is_revoked(record):
            raise NotFound(f"No key found with id {key_id!r}.")
        return record

    def owner(self, key_id: str) -> str:
        """Return the user of a key, or the id itself of a key without one or of a user; '' for any other."""
        if key_id == LOCAL.id or self._users.find(key_id):
            return key_id
        record = self._records.find(key_id)
        return (record.parent or record.id) if record else ""

    def change(self, key_id: str, values: Mapping[str, Any]) -> Record:
        """Return the record of a key with these values of the body changed."""
        self.record(key_id)
        return self._records.change(key_id, lambda body: {**body, **values})

    def revoke(self, key_id: str) -> None:
        """Let a key go; from here on nobody knows it."""
        self.record(key_id)
        # The record stays: what the key made is still its user's.
        self._records.change(key_id, lambda body: {**body, "revoked_at": time.time()}, label="")

    def _acting(self, key: ApiKey) -> Caller | None:
        """Return a key with what it may now; `None` where it, or its user, may nothing any more."""
        if key.expires_at is not None and key.expires_at <= time.time():
            return None
        if not key.user:
            return Caller(
                id=key.id, name=key.name, is_admin=key.is_admin, verbs=key.verbs, models=key.models,
                stores=key.stores, expires_at=key.expires_at, limits=key.limits,
            )  # fmt: skip
        user = self._users.find(key.user)
        return self._for(user, key) if user else None

    def _for(self, user: User, key: ApiKey) -> Caller | None:
        if not user.is_active:
            return None
        shared = [(group.models, group.stores) for group in self._groups.of(user.id)]
        rights = both(key.rights, rights_of(user.role, shared))
        is_narrow = "*" not in key.models or "*" not in key.stores
        kin = () if is_narrow else (user.id, *(record.id for record in self._records.all(parent=user.id)))
        return Caller(
            id=key.id, name=key.name, expires_at=key.expires_at, user=user.id, limits=key.limits,
            user_limits=user.limits, is_admin=rights.is_admin, verbs=rights.verbs, models=rights.models,
            stores=rights.stores, kin=kin,
        )  # fmt: skip


def key_in(record: Record) -> ApiKey:
    """Return the key that a record holds, as it was made."""
    body = record.body
    lists: dict[str, Any] = {name: tuple(body[name]) for name in ("verbs", "models", "stores")}
    return ApiKey(
        id=record.id, name=body["name"], is_admin=body["is_admin"], expires_at=body["expires_at"],
        user=body.get("user", ""), limits=limits_from(body.get("limits")), **lists,
    )  # fmt: skip


def is_revoked(record: Record) -> bool:
    """Return whether a key was let go."""
    return "revoked_at" in record.body


def _hash(secret: str) -> str:
    # A secret has 256 random bits: there is nothing to guess that a slow hash would protect.
    return sha256(secret.encode()).hexdigest()
