"""Users and groups: made, changed and removed, with somebody left who may do so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from lorewright.access import Caller, Role
from lorewright.access.administrators import administrators, need_one_left
from lorewright.access.groups import EVERYONE, Group
from lorewright.access.identities import Identities
from lorewright.access.limits import Limits
from lorewright.access.passwords import hash_password, is_password
from lorewright.access.users import User
from lorewright.errors import BadParameter, InUse, NotAllowed, NotFound
from lorewright.storage import Order, Page
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.origin import current_origin
from lorewright.workspace.server.server import Server


def add_user(
    server: Server,
    caller: Caller,
    *,
    name: str,
    role: Role = "reader",
    password: str = "",
    limits: Limits | None = None,
) -> User:
    """Return a new user; raise `BadParameter` where there is one of that name."""
    caller.need("admin")
    password_hash = hash_password(password) if password else ""
    with server.accounts_lock:
        need_free(server, name)
        return make_user(server, caller, name.strip(), role, password_hash=password_hash, limits=limits)


def make_user(
    server: Server,
    by: Caller | None,
    name: str,
    role: Role,
    *,
    password_hash: str = "",
    limits: Limits | None = None,
    facts: Mapping[str, Any] = MappingProxyType({}),
) -> User:
    """Return a new user; made by a caller, or (`None`) by coming from an OpenID provider."""
    user = server.users.add(name, role=role, password_hash=password_hash, limits=limits)
    audit(server.workspace, by, Act.USER_CREATED, user.id, name=user.name, role=role, **facts)
    return user


def list_users(
    server: Server,
    caller: Caller,
    *,
    limit: int = 20,
    after: str = "",
    before: str = "",
    order: Order = "desc",
) -> Page:
    """Return a page of the records of users; for administrators."""
    caller.need("admin")
    return server.records("user").page(limit=limit, after=after, before=before, order=order)


def all_users(server: Server, caller: Caller) -> list[User]:
    """Return every user, the oldest first; for administrators."""
    caller.need("admin")
    return server.users.all()


def find_user(server: Server, caller: Caller, user_id: str) -> User:
    """Return a user; raise `NotFound` for one that is not there, or that is somebody else."""
    user = server.users.find(user_id)
    if user is None or not (caller.is_admin or caller.user == user_id):
        raise NotFound(f"No user found with id {user_id!r}.")
    return user


def change_user(
    server: Server,
    caller: Caller,
    user_id: str,
    changes: Mapping[str, Any],
    *,
    current_password: str = "",
) -> User:
    """Return the user with other values: `name`, `role`, `is_active`, `limits`, `password`.

    Others than administrators change nothing but their own password, and everybody needs the
    current one for that. A new password, and being put to rest, end the user's sessions.
    """
    user = find_user(server, caller, user_id)
    if not caller.is_admin and set(changes) - {"password"}:
        raise NotAllowed(f"{caller.name!r} can change only their own password.", hint="Ask an administrator.")
    values = dict(changes)
    if "password" in values:
        if caller.user == user_id:
            _need_password(server, user, current_password)
        values["password_hash"] = hash_password(values.pop("password"))
    if "limits" in values:
        values["limits"] = values["limits"].to_json()
    with server.accounts_lock:
        if "name" in values:
            values["name"] = values["name"].strip()
            need_free(server, values["name"], but=user_id)
        kept = {name: values[name] for name in ("role", "is_active", "password_hash") if name in values}
        _need_administrator(server, user, replace(user, **kept))
        changed = put_user(server, caller, user_id, values, changed=sorted(changes))
    if "password_hash" in values or not changed.is_active:
        server.sessions.end_all(user_id)
    return changed


def put_user(
    server: Server, by: Caller | None, user_id: str, values: Mapping[str, Any], **facts: Any
) -> User:
    """Return the user with other values; changed by a caller, or (`None`) by an OpenID provider."""
    changed = server.users.change(user_id, values)
    audit(server.workspace, by, Act.USER_CHANGED, user_id, role=changed.role, **facts)
    return changed


def remove_user(server: Server, caller: Caller, user_id: str) -> None:
    """Remove a user with all keys and sessions; raise `InUse` for the last administrator.

    What the user made stays, for administrators to see.
    """
    caller.need("admin")
    user = find_user(server, caller, user_id)
    with server.accounts_lock:
        _need_administrator(server, user, None)
        for key in server.keys.all(user=user_id):
            server.keys.revoke(key.id)
        server.sessions.end_all(user_id)
        server.groups.forget(user_id)
        Identities(server.workspace.database).forget(user_id)
        server.users.remove(user_id)
    audit(server.workspace, caller, Act.USER_REMOVED, user_id, name=user.name)


def add_group(
    server: Server,
    caller: Caller,
    *,
    name: str,
    users: Sequence[str],
    models: Sequence[str],
    stores: Sequence[str],
) -> Group:
    """Return a new group."""
    caller.need("admin")
    _need_users(server, users)
    group = server.groups.add(name, users=users, models=models, stores=stores)
    audit(server.workspace, caller, Act.GROUP_CREATED, group.id, name=name)
    return group


def change_group(server: Server, caller: Caller, group_id: str, changes: Mapping[str, Any]) -> Group:
    """Return the group with another `name`, other `users`, `models` or `stores`."""
    caller.need("admin")
    if group_id == EVERYONE and {"users", "name"} & set(changes):
        raise BadParameter(
            "users", "Every user belongs to the group 'everyone': change its models and stores instead."
        )
    _need_users(server, changes.get("users", ()))
    return put_group(server, caller, group_id, changes, **changes)


def put_group(
    server: Server, by: Caller | None, group_id: str, values: Mapping[str, Any], **facts: Any
) -> Group:
    """Return the group with other values; changed by a caller, or (`None`) by an OpenID provider."""
    group = server.groups.change(group_id, values)
    audit(server.workspace, by, Act.GROUP_CHANGED, group_id, **facts)
    return group


def all_groups(server: Server, caller: Caller) -> list[Group]:
    """Return every group, that of everyone first; for administrators."""
    caller.need("admin")
    return server.groups.all()


def find_group(server: Server, caller: Caller, group_id: str) -> Group:
    """Return a group; raise `NotFound` where there is none. For administrators."""
    caller.need("admin")
    return server.groups.get(group_id)


def remove_group(server: Server, caller: Caller, group_id: str) -> None:
    """Remove a group; its users keep what other groups give them."""
    caller.need("admin")
    if group_id == EVERYONE:
        raise InUse(
            "Every user belongs to the group 'everyone'.", hint="Remove its models and stores instead."
        )
    server.groups.remove(group_id)
    audit(server.workspace, caller, Act.GROUP_REMOVED, group_id)


def _need_password(server: Server, user: User, password: str) -> None:
    """Raise `BadParameter` for a wrong password: a key that was stolen must not let anybody log in."""
    server.attempts.begin(user.name, current_origin().address)
    if not is_password(password, user.password_hash):
        raise BadParameter(
            "current_password",
            "current_password is wrong. If the user has no password yet, an administrator must set one.",
        )
    server.attempts.succeeded(user.name)


def need_free(server: Server, name: str, *, but: str = "") -> None:
    """Raise `BadParameter` for a name that is empty, or that of another user than `but`."""
    user = server.users.named(name)
    if not name.strip() or (user is not None and user.id != but):
        raise BadParameter("name", f"A user named {name!r} already exists." if user else "name is empty.")


def _need_users(server: Server, users: Sequence[str]) -> None:
    for user_id in users:
        if server.users.find(user_id) is None:
            raise BadParameter("users", f"No user found with id {user_id!r}.")


def _need_administrator(server: Server, user: User, becomes: User | None) -> None:
    """Raise `InUse` where nobody could administrate once a user becomes another one, or nobody."""
    users, keys = server.users.all(), server.keys.all()
    rest = [other for other in users if other.id != user.id] + ([becomes] if becomes else [])
    need_one_left(administrators(users, keys), administrators(rest, keys), user.name)
