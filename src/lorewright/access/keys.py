"""API keys: shown once, kept as a hash, revocable at once."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from lorewright.errors import NotAllowed, Unauthenticated
from lorewright.storage import Database, Record, Records

PREFIX = "lw-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """Who calls, and what they may do.

    An administrator may do everything. Else `verbs` are the kinds of work (`chat`, `embed`,
    `files`, `stores`, `tune`, `evaluate`, `deploy`, ...), `models` and `stores` the ids that may be
    used; `"*"` stands for all. Without `expires_at` (Unix seconds) a key lasts until it is revoked.
    """

    id: str
    name: str
    is_admin: bool = False
    verbs: tuple[str, ...] = ("*",)
    models: tuple[str, ...] = ("*",)
    stores: tuple[str, ...] = ("*",)
    expires_at: float | None = None

    def need(self, verb: str) -> None:
        """Raise `NotAllowed` unless this key may do this kind of work."""
        if not self.may(verb):
            raise NotAllowed(
                f"The key {self.name!r} may not {verb}.", hint="Ask an administrator for a key that may."
            )

    def may(self, verb: str) -> bool:
        """Return whether this key may do this kind of work."""
        return self.is_admin or "*" in self.verbs or verb in self.verbs

    def may_use_model(self, name: str) -> bool:
        """Return whether this key may use a model."""
        return self.is_admin or "*" in self.models or name in self.models

    def may_use_store(self, store_id: str) -> bool:
        """Return whether this key may see a collection; others do not exist for it."""
        return self.is_admin or "*" in self.stores or store_id in self.stores


class Keys:
    """The keys of one server."""

    def __init__(self, database: Database) -> None:
        self._records = Records(database, "key")

    def make(self, name: str, **rights: Any) -> tuple[Key, str]:
        """Return a new key and its secret, which nobody can read again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = Key(id=f"key_{uuid4().hex}", name=name, **rights)
        body = {name: value for name, value in asdict(key).items() if name != "id"}
        self._records.add(key.id, body, label=_hash(secret))
        return key, secret

    def who(self, secret: str) -> Key:
        """Return the key with this secret; raise `Unauthenticated` for none, another, or one that is over."""
        found = self._records.all(label=_hash(secret)) if secret else []
        if not found:
            raise Unauthenticated(
                "The API key is missing or wrong.",
                hint="Send it as: Authorization: Bearer lw-...",
            )
        key = _key(found[0])
        if key.expires_at is not None and key.expires_at <= time.time():
            raise Unauthenticated(f"The key {key.name!r} has expired.", hint="Ask for a new one.")
        return key

    def all(self) -> list[Key]:
        """Return every key, the oldest first."""
        return [_key(record) for record in self._records.all()]

    def find(self, key_id: str) -> Key | None:
        """Return a key by its id; `None` for one that was revoked or is over."""
        record = self._records.find(key_id)
        key = _key(record) if record else None
        return None if key and key.expires_at is not None and key.expires_at <= time.time() else key

    def revoke(self, key_id: str) -> None:
        """Let a key go; from here on nobody knows it."""
        self._records.remove(key_id)


def _hash(secret: str) -> str:
    # A secret has 256 random bits: there is nothing to guess that a slow hash would protect.
    return sha256(secret.encode()).hexdigest()


def _key(record: Record) -> Key:
    body: Mapping[str, Any] = record.body
    lists = {name: tuple(body[name]) for name in ("verbs", "models", "stores")}
    return Key(**{**body, **lists, "id": record.id})
