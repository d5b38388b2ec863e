"""`/lorewright/v1/groups`: users who share models and stores."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.access.groups import Group
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.request_body import RequestBody
from lorewright.workspace.accounts.users_and_groups import (
    add_group,
    all_groups,
    change_group,
    find_group,
    remove_group,
)

router = APIRouter(prefix="/lorewright/v1/groups", tags=["groups"])


class NewGroup(RequestBody):
    """A request for a group: the ids of its users, models and stores; `"*"` stands for all."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    users: list[str] = Field(default=[], max_length=10_000)
    models: list[str] = Field(default=[], max_length=1000)
    stores: list[str] = Field(default=[], max_length=1000)


class GroupChange(RequestBody):
    """A request to change a group; fields that are not given stay unchanged."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200)
    users: list[str] = Field(default=[], max_length=10_000)
    models: list[str] = Field(default=[], max_length=1000)
    stores: list[str] = Field(default=[], max_length=1000)


@router.post("")
def create(body: NewGroup, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a group."""
    return shown_group(add_group(server, caller, **body.model_dump()))


@router.get("")
def get_all(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List all groups: everyone's first, then the others, oldest first; for administrators."""
    return listed_values([shown_group(group) for group in all_groups(server, caller)])


@router.get("/{group_id}")
def get(group_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one group; for administrators."""
    return shown_group(find_group(server, caller, group_id))


@router.post("/{group_id}")
def change(group_id: str, body: GroupChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the members of a group and what they share, with immediate effect."""
    return shown_group(change_group(server, caller, group_id, body.model_dump(exclude_unset=True)))


@router.delete("/{group_id}")
def delete(group_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a group; its users are kept."""
    remove_group(server, caller, group_id)
    return {"id": group_id, "object": "group.deleted", "deleted": True}


def shown_group(group: Group) -> dict[str, Any]:
    """Return a group object."""
    return {
        "id": group.id,
        "object": "group",
        "created_at": int(group.created_at),
        "name": group.name,
        "users": list(group.users),
        "models": list(group.models),
        "stores": list(group.stores),
    }
