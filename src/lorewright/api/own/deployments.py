"""`/lorewright/v1/deployments`: flows under a name, in versions: which answers whom, and how they do."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.answers import shown_answer
from lorewright.deployments import Bar, Deployment, Version
from lorewright.errors import BadParameter, InUse, NotFound
from lorewright.flows import flow_from_json
from lorewright.workspace.answering.traffic import shadow_pairs, traffic
from lorewright.workspace.deployments.as_json import deployment_to_json, version_to_json
from lorewright.workspace.deployments.deploy import Order, deploy, promote, roll_back, set_canary, set_shadow
from lorewright.workspace.deployments.records import (
    all_deployments,
    find_deployment,
    get_version,
    remove_deployment,
    versions_of,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/lorewright/v1/deployments", tags=["deployments"])


class NewVersion(BaseModel):
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


class Promotion(BaseModel):
    """A request to let a version go live: the canary where none is named."""

    version: int | None = None
    min: dict[str, float] = Field(default_factory=dict)
    max: dict[str, float] = Field(default_factory=dict)


class NewCanary(BaseModel):
    """A request to let a version answer a share of the callers."""

    version: int
    share: float = Field(gt=0, lt=1)


class NewShadow(BaseModel):
    """A request to let a version answer in the background."""

    version: int


@router.get("")
def list_deployments(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the deployments that the caller may use."""
    caller.need("read")
    found = [found for found in all_deployments(server.workspace) if caller.may_use_model(found.name)]
    return listed_values([deployment_to_json(server.workspace, deployment) for deployment in found])


@router.post("")
def create_deployment(body: NewDeployment, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create a deployment with its first version."""
    caller.need("deploy")
    _check_may(caller, body.name)
    if any(found.name == body.name for found in all_deployments(server.workspace)):
        raise InUse(
            f"There is a deployment {body.name!r} already.",
            hint=f"POST /lorewright/v1/deployments/{body.name}/versions makes its next version.",
        )
    deploy(server.workspace, _order(body, body.name), by=caller.name)
    return _shown(server, find_deployment(server.workspace, body.name))


@router.get("/{name}")
def get_deployment(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one deployment."""
    caller.need("read")
    return _shown(server, _find(server, caller, name))


@router.delete("/{name}")
def delete_deployment(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a deployment with its versions."""
    caller.need("deploy")
    remove_deployment(server.workspace, _find(server, caller, name).name)
    return {"id": name, "object": "deployment", "deleted": True}


@router.post("/{name}/versions")
def create_version(name: str, body: NewVersion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Create the next version."""
    caller.need("deploy")
    _find(server, caller, name)
    return _version(server, deploy(server.workspace, _order(body, name), by=caller.name))


@router.get("/{name}/versions")
def list_versions(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the versions of a deployment, oldest first."""
    caller.need("read")
    _find(server, caller, name)
    return listed_values([_version(server, version) for version in versions_of(server.workspace, name)])


@router.get("/{name}/versions/{number}")
def get_one_version(name: str, number: int, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one version, with what changed since it was measured."""
    caller.need("read")
    _find(server, caller, name)
    return _version(server, get_version(server.workspace, name, number))


@router.post("/{name}/promote")
def promote_version(name: str, body: Promotion, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Promote a version: make it live."""
    caller.need("deploy")
    _find(server, caller, name)
    bar = Bar(min=body.min, max=body.max) or None
    return _shown(server, promote(server.workspace, name, body.version, by=caller.name, bar=bar))


@router.post("/{name}/rollback")
def rollback(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Roll back: make the previous version live again."""
    caller.need("deploy")
    _find(server, caller, name)
    return _shown(server, roll_back(server.workspace, name, by=caller.name))


@router.post("/{name}/canary")
def create_canary(name: str, body: NewCanary, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a canary: a version that answers a share of the conversations."""
    caller.need("deploy")
    _find(server, caller, name)
    return _shown(server, set_canary(server.workspace, name, body.version, body.share, by=caller.name))


@router.delete("/{name}/canary")
def delete_canary(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Stop the canary: the live version answers everybody."""
    caller.need("deploy")
    _find(server, caller, name)
    return _shown(server, set_canary(server.workspace, name, 0, 0.0, by=caller.name))


@router.post("/{name}/shadow")
def create_shadow(name: str, body: NewShadow, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a shadow: a version that answers in the background."""
    caller.need("deploy")
    _find(server, caller, name)
    if body.version < 1:
        raise BadParameter("version", f"version is {body.version}; versions are numbered from 1.")
    return _shown(server, set_shadow(server.workspace, name, body.version, by=caller.name))


@router.delete("/{name}/shadow")
def delete_shadow(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Stop the shadow."""
    caller.need("deploy")
    _find(server, caller, name)
    return _shown(server, set_shadow(server.workspace, name, 0, by=caller.name))


@router.get("/{name}/traffic")
def get_traffic(name: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return how versions do in use: canary compared with live, shadow with what was shown."""
    caller.need("read")
    _find(server, caller, name)
    return traffic(server, name)


@router.get("/{name}/shadow_answers")
def list_shadow_answers(name: str, server: ServerOf, caller: CallerOf, limit: Limit = 20) -> dict[str, Any]:
    """List the shadow's answers next to those that were shown, newest first."""
    caller.need("admin")
    _find(server, caller, name)
    pairs = shadow_pairs(server, name)[::-1]
    shown = [{**shown_answer(shadow), "shown": shown_answer(answer)} for shadow, answer in pairs[:limit]]
    return listed_values(shown, has_more=len(pairs) > limit)


def _order(body: NewVersion, name: str) -> Order:
    if bool(body.arm) == (body.flow is not None):
        raise BadParameter("arm", "Give either arm, the name of an arm or a flow, or flow, the flow itself.")
    if body.shadow and body.canary:
        raise BadParameter("shadow", "A version is the canary or the shadow, not both.")
    if not 0 <= body.canary < 1:
        raise BadParameter("canary", f"canary is {body.canary:g}; it is a share between 0 and 1.")
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


def _find(server: Server, caller: Caller, name: str) -> Deployment:
    """Return a deployment that the caller may use; others do not exist for it."""
    _check_may(caller, name)
    return find_deployment(server.workspace, name)


def _check_may(caller: Caller, name: str) -> None:
    if not caller.may_use_model(name):
        raise NotFound(f"No deployment found with name {name!r}.", hint="Make one with: lorewright deploy")


def _shown(server: Server, deployment: Deployment) -> dict[str, Any]:
    return deployment_to_json(server.workspace, deployment)


def _version(server: Server, version: Version) -> dict[str, Any]:
    return version_to_json(server.workspace, version)
