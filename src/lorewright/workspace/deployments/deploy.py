"""Deploying: an arm or a flow becomes a version under a name, and answers callers once it may."""

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.deployments import (
    Bar,
    DeployedMaterial,
    Deployment,
    Version,
    changes,
    check_bar,
    check_name,
    grown,
    promoted,
    rolled_back,
    with_canary,
    with_shadow,
    without_canary,
    without_shadow,
)
from lorewright.errors import BelowBar, InUse, InvalidSetting, UnknownName
from lorewright.evaluation import Comparison, no_comparison
from lorewright.flows import Flow, adapters_of, flow_hash, flow_to_json, inlined
from lorewright.flows.arm_names import ARMS
from lorewright.models.engine_key import short_name
from lorewright.workspace.deployments.embeds import forget_embeds
from lorewright.workspace.deployments.listing import find_deployment, need_model
from lorewright.workspace.deployments.records import (
    add_deployment,
    add_version,
    change_deployment,
    concerning,
    forget_deployment,
    material_of,
    pin_for,
    stored_deployments,
    stored_version,
)
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.catalogue import need_any_flow, usable_flow
from lorewright.workspace.flows.example_origins import note_examples
from lorewright.workspace.flows.library import find_flow


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to deploy: `arm` names an arm or an own flow, or `flow` is the flow itself.

    `comparison` is the id of the comparison that measured it, '' for the latest one with this arm.
    `bar` replaces the deployment's bar where it asks for anything. The version goes live, or to a
    share of the callers with `canary`, into the shadow with `is_shadow`, or nowhere (`is_held`).
    """

    name: str
    arm: str = ""
    flow: Flow | None = None
    comparison: str = ""
    bar: Bar = field(default_factory=Bar)
    canary: float = 0.0
    is_shadow: bool = False
    is_held: bool = False
    note: str = ""


def deploy(workspace: Workspace, caller: Caller, order: Order, *, is_first: bool = False) -> Version:
    """Return the new version, saved, answering whom the order says.

    Raises `BelowBar` where it would answer callers and was not measured to be good enough: then
    there is no new version either. A deployment that `is_first` to have its name raises `InUse`
    where there is one. Deployments, arms and flows that the caller may not use do not exist.
    """
    caller.need("deploy")
    need_model(caller, order.name)
    check_name(order.name)
    known = next(
        (deployment for deployment in stored_deployments(workspace) if deployment.name == order.name), None
    )
    if is_first and known is not None:
        raise InUse(f"A deployment named {order.name!r} already exists.", hint="Create its next version.")
    flow = _flow(workspace, caller, order)
    _check_name_is_free(workspace, order.name)
    comparison = _comparison(workspace, caller, order.comparison, order.arm or flow.name)
    draft = _version(workspace, order, flow, comparison, by=caller.name)
    known = known or Deployment(name=order.name)
    _check_change(order, draft, known)
    if not order.is_shadow and not order.is_held:
        _check_bar(order.bar or known.bar, draft, material_of(workspace, draft))
    return _saved(workspace, caller, order, draft)


def promote(
    workspace: Workspace, caller: Caller, name: str, number: int | None = None, *, bar: Bar | None = None
) -> Deployment:
    """Return the deployment with a version live, the canary where none is named; raise `BelowBar`."""
    caller.need("deploy")
    deployment = find_deployment(workspace, caller, name)
    if number is None and not deployment.canary:
        raise InvalidSetting(f"{name} has no canary to promote.", hint="Specify the version to promote.")
    version = stored_version(workspace, name, number or deployment.canary)
    wanted = bar or deployment.bar
    _check_bar(wanted, version, material_of(workspace, version))
    now, by = time.time(), caller.name
    changed = change_deployment(
        workspace, name, lambda old: replace(promoted(old, version.number, at=now, by=by), bar=wanted)
    )
    audit(workspace, caller, Act.VERSION_PROMOTED, version.name)
    return changed


def roll_back(workspace: Workspace, caller: Caller, name: str) -> Deployment:
    """Return the deployment with the version live that was so before; no bar stands in the way."""
    caller.need("deploy")
    need_model(caller, name)
    changed = change_deployment(workspace, name, partial(rolled_back, at=time.time(), by=caller.name))
    audit(workspace, caller, Act.ROLLED_BACK, name, version=changed.live)
    return changed


def set_canary(workspace: Workspace, caller: Caller, name: str, number: int, share: float) -> Deployment:
    """Return the deployment with a canary, or without one where `share` is 0; raise `BelowBar`."""
    caller.need("deploy")
    deployment = find_deployment(workspace, caller, name)
    now, by = time.time(), caller.name
    if share == 0:
        changed = change_deployment(workspace, name, partial(without_canary, at=now, by=by))
    else:
        version = stored_version(workspace, name, number)
        _check_bar(deployment.bar, version, material_of(workspace, version))
        changed = change_deployment(
            workspace, name, lambda old: with_canary(old, number, share, at=now, by=by)
        )
    audit(workspace, caller, Act.CANARY_SET, name, version=changed.canary, share=changed.canary_share)
    return changed


def set_shadow(workspace: Workspace, caller: Caller, name: str, number: int) -> Deployment:
    """Return the deployment with a shadow, or without one where `number` is 0."""
    caller.need("deploy")
    need_model(caller, name)
    now, by = time.time(), caller.name
    if number == 0:
        changed = change_deployment(workspace, name, partial(without_shadow, at=now, by=by))
    else:
        changed = change_deployment(workspace, name, lambda old: with_shadow(old, number, at=now, by=by))
    audit(workspace, caller, Act.SHADOW_SET, name, version=changed.shadow)
    return changed


def remove_deployment(workspace: Workspace, caller: Caller, name: str) -> None:
    """Remove a deployment with its versions; what it answered is kept."""
    caller.need("deploy")
    find_deployment(workspace, caller, name)
    forget_deployment(workspace, name)
    forget_embeds(workspace, name)
    audit(workspace, caller, Act.DEPLOYMENT_REMOVED, name)


def _flow(workspace: Workspace, caller: Caller, order: Order) -> Flow:
    """Return what is deployed: what it calls is part of the version, as it is now."""
    if order.flow is None:
        return usable_flow(workspace, caller, order.arm)
    need_any_flow(caller)
    return inlined(order.flow, partial(find_flow, workspace, caller))


def _saved(workspace: Workspace, caller: Caller, order: Order, draft: Version) -> Version:
    """Return the version with its number, saved and placed where the order wants it."""
    now, by = time.time(), caller.name
    add_deployment(workspace, order.name)
    counted = change_deployment(workspace, order.name, partial(grown, at=now, by=by))
    version = replace(draft, number=counted.n_versions)
    note_examples(workspace, version.flow, before=version.flow)
    add_version(workspace, version)
    change_deployment(workspace, order.name, lambda deployment: _placed(deployment, order, version, now, by))
    audit(workspace, caller, Act.VERSION_CREATED, version.name, arm=version.arm, live=_answering(order))
    return version


def _answering(order: Order) -> str:
    """Return whom a new version answers, in a word."""
    if order.is_held:
        return "nobody"
    return "shadow" if order.is_shadow else "canary" if order.canary else "everybody"


def _check_name_is_free(workspace: Workspace, name: str) -> None:
    if name in (*ARMS, short_name(workspace.settings.models.chat)):
        raise InvalidSetting(
            f"{name!r} is already the name of a served model.", hint="Choose another name for the deployment."
        )


def _comparison(workspace: Workspace, caller: Caller, comparison_id: str, arm: str) -> Comparison | None:
    """Return the comparison that measured an arm, as far as the caller may see it: by name, or the latest."""
    allowed = readable(workspace, caller)
    if comparison_id:
        named = workspace.comparisons.get(comparison_id)
        if not allowed.covers(named.measured.made_of):
            raise no_comparison(comparison_id)
        if named.report(arm) is None:
            raise UnknownName(
                f"The comparison {comparison_id} did not measure {arm!r}.",
                hint=f"It measured: {', '.join(named.arms)}.",
            )
        return named
    measured = (comparison for comparison in workspace.comparisons.all() if comparison.report(arm))
    return next((one for one in measured if allowed.covers(one.measured.made_of)), None)


def _version(
    workspace: Workspace, order: Order, flow: Flow, comparison: Comparison | None, *, by: str
) -> Version:
    arm = order.arm or flow.name
    report = comparison.report(arm) if comparison else None
    measured = _material(comparison, arm) if comparison else DeployedMaterial()
    return Version(
        deployment=order.name,
        number=0,
        arm=arm,
        flow=flow_to_json(flow),
        flow_hash=flow_hash(flow),
        pins={name: pin_for(workspace, name, measured.adapters.get(name, "")) for name in adapters_of(flow)},
        made_at=time.time(),
        made_by=by,
        note=order.note,
        comparison=comparison.id if comparison else "",
        report=replace(report, rows=()) if report else None,
        measured=concerning(flow, measured),
    )


def _material(comparison: Comparison, arm: str) -> DeployedMaterial:
    measured = comparison.measured
    return DeployedMaterial(
        model=measured.model,
        adapters=measured.adapters,
        index_version=measured.index_version,
        embedding=measured.embedding,
        flow_hash=measured.flows.get(arm, ""),
    )


def _check_bar(bar: Bar, version: Version, now: DeployedMaterial) -> None:
    """Raise `BelowBar` unless a version was measured to pass, and is what was measured."""
    what = f"Version {version.number} of {version.deployment}" if version.number else version.arm
    check_bar(bar, version.report, what)
    if not bar or not version.measured.flow_hash:
        return
    gone_by = replace(now, index_version=version.measured.index_version)  # documents change every day
    different = changes(version, gone_by)
    if different:
        raise BelowBar(
            f"{what} differs from what was measured. {' '.join(different)}",
            hint="Measure it again with: lorewright compare",
        )


def _check_change(order: Order, draft: Version, known: Deployment) -> None:
    """Raise what placing the version would raise, before there is one."""
    _placed(grown(known, at=0.0, by=""), order, replace(draft, number=known.n_versions + 1), 0.0, "")


def _placed(deployment: Deployment, order: Order, version: Version, at: float, by: str) -> Deployment:
    """Return the deployment with a new version where the order wants it."""
    deployment = replace(deployment, bar=order.bar or deployment.bar)
    event: dict[str, Any] = {"at": at, "by": by}
    if order.is_held:
        return deployment
    if order.is_shadow:
        return with_shadow(deployment, version.number, **event)
    if order.canary:
        return with_canary(deployment, version.number, order.canary, **event)
    return promoted(deployment, version.number, **event)
