"""`/lorewright/v1/deployments`: flows under a name, in versions: which answers whom, and how they do."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.answers import shown_answer
from lorewright.deployments import Bar, Deployment, Version
from lorewright.errors import BadParameter
from lorewright.flows import flow_from_json
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.traffic import shadow_pairs, traffic
from lorewright.workspace.deployments.as_json import deployment_to_json, version_to_json
from lorewright.workspace.deployments.deploy import (
    Order,
    deploy,
    promote,
    remove_deployment,
    roll_back,
    set_canary,
    set_shadow,
)
from lorewright.workspace.deployments.grants import set_grant
from lorewright.workspace.deployments.listing import (
    all_deployments,
    find_deployment,
    get_version,
    versions_of,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/deployments", tags=["deployments"])


class NewVersion(RequestBody):
    """A request for a new version; without `canary`, `shadow` or `live: false` it goes live."""

    model_config = ConfigDict(extra="forbid")

    arm: str = ""
    flow: dict[str, Any] | None = None
    comparison: str = ""
    min: dict[str, float] = Field(default_factory=dict)
    max: dict[str, float] = Field(default_factory=dict)
    canary: float = 0.0
    shadow: bool = False
    live: bool = True
    note: str = ""


class NewDeployment(NewVersion):
    """A request for a deployment with its first version."""

    name: str


class Promotion(RequestBody):
    """A request to let a version go live: the canary where none is named."""

    version: int | None = None
    min: dict[str, float] = Field(default_factory=dict)
    max: dict[str, float] = Field(default_factory=dict)


class NewCanary(RequestBody):
    """A request to let a version answer a share of the callers."""

    version: int
    share: float = Field(gt=0, lt=1)


class NewShadow(RequestBody):
    """A request to let a version answer in the background."""

    version: int


class NewGrant(RequestBody):
    """A request to let a deployment answer from the documents of groups (ids or names); `"*"` grants all."""

    groups: list[str] = Field(min_length=1, max_length=1000)


@router.get("")
def list_deployments(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the deployments that the caller may use."""
    deployments = all_deployments(server.workspace, caller)
    return listed_values([_as_json(server, caller, deployment) for deployment in deployments])


@router.post("")
def create_deployment(body: NewDeployment, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a deployment with its first version."""
    deploy(server.workspace, caller, _order(body, body.name), is_first=True)
    return _deployment_json(server, caller, body.name)


@router.get("/{name}")
def get_deployment(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one deployment."""
    return _deployment_json(server, caller, name)


@router.delete("/{name}")
def delete_deployment(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a deployment with its versions."""
    remove_deployment(server.workspace, caller, name)
    return {"id": name, "object": "deployment", "deleted": True}


@router.post("/{name}/versions")
def create_version(name: str, body: NewVersion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create the next version."""
    find_deployment(server.workspace, caller, name)
    return _version(server, caller, deploy(server.workspace, caller, _order(body, name)))


@router.get("/{name}/versions")
def list_versions(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the versions of a deployment, oldest first."""
    versions = versions_of(server.workspace, caller, name)
    return listed_values([_version(server, caller, version) for version in versions])


@router.get("/{name}/versions/{number}")
def get_one_version(name: str, number: int, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one version, with what changed since it was measured."""
    return _version(server, caller, get_version(server.workspace, caller, name, number))


@router.post("/{name}/promote")
def promote_version(name: str, body: Promotion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Promote a version: make it live."""
    bar = Bar(min=body.min, max=body.max) or None
    return _as_json(server, caller, promote(server.workspace, caller, name, body.version, bar=bar))


@router.post("/{name}/rollback")
def rollback(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Roll back: make the previous version live again."""
    return _as_json(server, caller, roll_back(server.workspace, caller, name))


@router.post("/{name}/canary")
def create_canary(name: str, body: NewCanary, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a canary: a version that answers a share of the conversations."""
    changed = set_canary(server.workspace, caller, name, body.version, body.share)
    return _as_json(server, caller, changed)


@router.delete("/{name}/canary")
def delete_canary(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Stop the canary: the live version answers everybody."""
    return _as_json(server, caller, set_canary(server.workspace, caller, name, 0, 0.0))


@router.post("/{name}/shadow")
def create_shadow(name: str, body: NewShadow, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a shadow: a version that answers in the background."""
    if body.version < 1:
        raise BadParameter("version", f"version is {body.version}; versions are numbered from 1.")
    return _as_json(server, caller, set_shadow(server.workspace, caller, name, body.version))


@router.delete("/{name}/shadow")
def delete_shadow(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Stop the shadow."""
    return _as_json(server, caller, set_shadow(server.workspace, caller, name, 0))


@router.post("/{name}/grant")
def grant(name: str, body: NewGrant, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Let a deployment answer from the documents of some groups, whoever asks; for administrators."""
    return _as_json(server, caller, set_grant(server.workspace, caller, name, body.groups))


@router.delete("/{name}/grant")
def delete_grant(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Let a deployment answer from what its caller may read; for administrators."""
    return _as_json(server, caller, set_grant(server.workspace, caller, name, ()))


@router.get("/{name}/traffic")
def get_traffic(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return how versions perform in use: canary compared with live, shadow with what was shown."""
    return traffic(server, caller, name)


@router.get("/{name}/shadow_answers")
def list_shadow_answers(name: str, server: ServerOf, caller: CallerOf, limit: Limit = 20) -> dict[str, Any]:
    """List the shadow's answers next to those that were shown, newest first."""
    pairs = shadow_pairs(server, caller, name)[::-1]
    rows = [{**shown_answer(shadow), "shown": shown_answer(answer)} for shadow, answer in pairs[:limit]]
    return listed_values(rows, has_more=len(pairs) > limit)


def _order(body: NewVersion, name: str) -> Order:
    if bool(body.arm) == (body.flow is not None):
        raise BadParameter(
            "arm", "Provide either arm (the name of an arm or flow) or flow (the flow itself)."
        )
    if body.shadow and body.canary:
        raise BadParameter("shadow", "A version cannot be both canary and shadow.")
    if not 0 <= body.canary < 1:
        raise BadParameter("canary", f"canary is {body.canary:g}; it must be between 0 and 1.")
    return Order(
        name=name,
        arm=body.arm,
        flow=flow_from_json(body.flow) if body.flow is not None else None,
        comparison=body.comparison,
        bar=Bar(min=body.min, max=body.max),
        canary=body.canary,
        is_shadow=body.shadow,
        is_held=not body.live and not body.canary and not body.shadow,
        note=body.note,
    )


def _deployment_json(server: Server, caller: Caller, name: str) -> dict[str, Any]:
    return _as_json(server, caller, find_deployment(server.workspace, caller, name))


def _as_json(server: Server, caller: Caller, deployment: Deployment) -> dict[str, Any]:
    return deployment_to_json(server.workspace, caller, deployment)


def _version(server: Server, caller: Caller, version: Version) -> dict[str, Any]:
    return version_to_json(server.workspace, caller, version)
