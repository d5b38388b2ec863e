"""`/lorewright/v1/users`: people, their roles and their passwords."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.access import Role
from lorewright.access.users import User, user_in
from lorewright.api.accounts.keys import LimitsRequest
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.users_and_groups import (
    add_user,
    change_user,
    find_user,
    list_users,
    remove_user,
)

router = APIRouter(prefix="/lorewright/v1/users", tags=["users"])


class NewUser(RequestBody):
    """A request for a user; without a password they can only use keys."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    role: Role = "reader"
    password: str | None = Field(default=None, max_length=1000)
    limits: LimitsRequest = LimitsRequest()


class UserChange(RequestBody):
    """A request to change a user; fields that are not given stay unchanged."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200)
    role: Role = "reader"
    is_active: bool = True
    limits: LimitsRequest = LimitsRequest()
    password: str = Field(default="", max_length=1000)
    current_password: str = Field(default="", max_length=1000)


@router.post("")
def create(body: NewUser, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a user."""
    user = add_user(
        server,
        caller,
        name=body.name,
        role=body.role,
        password=body.password or "",
        limits=body.limits.value(),
    )
    return shown_user(user)


@router.get("")
def get_all(
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    before: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List users; for administrators."""
    page = list_users(server, caller, limit=limit, after=after, before=before, order=order)
    return listed(page, lambda record: shown_user(user_in(record)))


@router.get("/{user_id}")
def get(user_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one user; only administrators see others."""
    return shown_user(find_user(server, caller, user_id))


@router.post("/{user_id}")
def change(user_id: str, body: UserChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change a user. Users may change their own password if they send the current one."""
    changes = {name: getattr(body, name) for name in body.model_fields_set - {"current_password"}}
    if "limits" in changes:
        changes["limits"] = body.limits.value()
    user = change_user(server, caller, user_id, changes, current_password=body.current_password)
    return shown_user(user)


@router.delete("/{user_id}")
def delete(user_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a user, with all keys and sessions."""
    remove_user(server, caller, user_id)
    return {"id": user_id, "object": "user.deleted", "deleted": True}


def shown_user(user: User) -> dict[str, Any]:
    """Return a user object."""
    return {
        "id": user.id,
        "object": "user",
        "created_at": int(user.created_at),
        "name": user.name,
        "role": user.role,
        "is_active": user.is_active,
        "has_password": bool(user.password_hash),
        "limits": user.limits.to_json(),
    }
