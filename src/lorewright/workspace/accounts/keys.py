"""Keys: made, changed and revoked by those who may."""

import time
from collections.abc import Mapping
from typing import Any

from lorewright.access import LOCAL, VERBS, ApiKey, Caller
from lorewright.access.administrators import administrators, need_one_left
from lorewright.access.keys import key_in
from lorewright.access.limits import Limits
from lorewright.access.roles import Rights
from lorewright.errors import BadParameter, NotAllowed, NotFound
from lorewright.storage import Record
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server


def make_key(
    server: Server,
    caller: Caller,
    *,
    name: str,
    user: str | None,
    rights: Rights,
    limits: Limits,
    expires_at: float | None,
) -> tuple[Record, str]:
    """Return the record of a new key and its secret, shown this once.

    Administrators make keys for every user, and ('') for no user at all; others for themselves,
    unless the key they do it with is narrowed: it could widen itself so.
    """
    owner = caller.user if user is None else user
    if not caller.is_admin:
        _need_own_account(server, caller)
        if owner != caller.user or rights.is_admin:
            raise NotAllowed(
                "Only administrators can create keys for other users.", hint="Omit user and is_admin."
            )
    if owner and server.users.find(owner) is None:
        raise BadParameter("user", f"No user found with id {owner!r}.")
    _check(rights, expires_at)
    key, secret = server.keys.make(
        name, user=owner, limits=limits, expires_at=expires_at, is_admin=rights.is_admin,
        verbs=rights.verbs, models=rights.models, stores=rights.stores,
    )  # fmt: skip
    audit(
        server.workspace,
        caller,
        Act.KEY_CREATED,
        key.id,
        name=name,
        user=owner or None,
        is_admin=rights.is_admin,
    )
    return server.keys.record(key.id), secret


def make_first_key(server: Server, caller: Caller) -> str | None:
    """Return the secret of an administrator's key where there is no key yet: somebody must come in.

    Of servers that start at once on one database, one makes it.
    """
    caller.need("admin")
    with server.accounts_lock:
        if list_keys(server, caller):
            return None
        _, secret = make_key(
            server, caller, name="administrator", user="", rights=Rights(is_admin=True), limits=Limits(),
            expires_at=None,
        )  # fmt: skip
    return secret


def list_keys(server: Server, caller: Caller) -> list[Record]:
    """Return the keys that a caller may see, the oldest first: all for an administrator, else the own."""
    return [record for record in server.keys.records() if _is_visible(caller, record)]


def find_key(server: Server, caller: Caller, key_id: str) -> Record:
    """Return a key; raise `NotFound`, in the same words, for one that is not there or another's."""
    key = server.keys.record(key_id)
    if not _is_visible(caller, key):
        raise NotFound(f"No key found with id {key_id!r}.")
    return key


def change_key(server: Server, caller: Caller, key_id: str, changes: Mapping[str, Any]) -> Record:
    """Return the key with another name, other scopes, limits or expiry; only administrators change keys."""
    key = key_in(find_key(server, caller, key_id))
    caller.need("admin")
    lists = {scope: tuple(changes.get(scope, getattr(key, scope))) for scope in ("verbs", "models", "stores")}
    _check(Rights(is_admin=key.is_admin, **lists), changes.get("expires_at"))
    values = dict(changes)
    if "limits" in values:
        values["limits"] = values["limits"].to_json()
    with server.accounts_lock:
        if values.get("expires_at") is not None:
            _need_administrator(server, key)
        changed = server.keys.change(key_id, values)
    audit(server.workspace, caller, Act.KEY_CHANGED, key_id, changed=sorted(changes))
    return changed


def revoke_key(server: Server, caller: Caller, key_id: str) -> None:
    """Let a key go at once; raise `InUse` for the last administrator's."""
    key = key_in(find_key(server, caller, key_id))
    if not caller.is_admin and caller.id != key_id:
        _need_own_account(server, caller)
    with server.accounts_lock:
        _need_administrator(server, key)
        server.keys.revoke(key_id)
    audit(server.workspace, caller, Act.KEY_REVOKED, key_id, name=key.name)


def _is_visible(caller: Caller, record: Record) -> bool:
    return caller.is_admin or record.id == caller.id or (caller.user != "" and record.parent == caller.user)


def _need_own_account(server: Server, caller: Caller) -> None:
    """Raise `NotAllowed` unless the caller is a user, or a key of one that is in nothing less."""
    if caller.user and caller.id == caller.user:
        return
    own_key = key_in(server.keys.record(caller.id)) if caller.id != LOCAL.id else None
    if (
        own_key is None
        or not own_key.user
        or not own_key.rights.is_whole
        or own_key.limits.is_any
        or own_key.expires_at is not None
    ):
        raise NotAllowed(
            f"The key {caller.name!r} cannot create or revoke keys.",
            hint="Log in, or use one of your keys that has no scopes, limits or expiry.",
        )


def _check(rights: Rights, expires_at: float | None) -> None:
    """Raise `BadParameter` for scopes or an expiry that cannot be."""
    for verb in rights.verbs:
        if verb not in (*VERBS, "*"):
            raise BadParameter("verbs", f"{verb!r} is not a verb. Verbs: {', '.join(VERBS)}, *.")
    if rights.is_admin and not rights.is_whole:
        raise BadParameter(
            "is_admin", "An administrator's key cannot have verbs, models or stores. Omit them."
        )
    if expires_at is not None and expires_at <= time.time():
        raise BadParameter("expires_at", f"expires_at is {expires_at:.0f}, which is in the past.")


def _need_administrator(server: Server, key: ApiKey) -> None:
    """Raise `InUse` where nobody could administrate without this key."""
    users, keys = server.users.all(), server.keys.all()
    rest = [other for other in keys if other.id != key.id]
    need_one_left(administrators(users, keys), administrators(users, rest), f"The key {key.name!r}")
