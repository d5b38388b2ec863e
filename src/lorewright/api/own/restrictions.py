"""`/lorewright/v1/restrictions`: folders and documents that only some groups may read."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import listed_values
from lorewright.request_body import RequestBody
from lorewright.workspace.documents.restrictions import (
    Restriction,
    lift_restriction,
    list_restrictions,
    restrict,
)

router = APIRouter(prefix="/lorewright/v1/restrictions", tags=["documents"])


class NewRestriction(RequestBody):
    """A folder (`hr/`) or a document, and the groups (ids or names) that alone may read it."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(min_length=1, max_length=4000)
    groups: list[str] = Field(default=[], max_length=1000)


@router.get("")
def get_restrictions(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the restricted folders and documents; for administrators."""
    return listed_values([_shown(one) for one in list_restrictions(server.workspace, caller)])


@router.post("")
def create_restriction(body: NewRestriction, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Restrict a folder or a document to groups, or change the groups; for administrators."""
    return _shown(restrict(server.workspace, caller, body.path, body.groups))


@router.delete("")
def delete_restriction(path: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Lift a restriction; for administrators."""
    lift_restriction(server.workspace, caller, path)
    return {"id": path, "object": "restriction", "deleted": True}


def _shown(restriction: Restriction) -> dict[str, Any]:
    body = asdict(restriction)
    return {"id": restriction.path, "object": "restriction", **body, "groups": list(restriction.groups)}
