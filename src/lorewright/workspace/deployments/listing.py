"""Deployments and versions as callers see them; those of models that they may not use do not exist."""

from dataclasses import replace

from lorewright.access import Caller
from lorewright.deployments import Deployment, Version, changes
from lorewright.workspace.deployments.records import (
    material_of,
    no_deployment,
    stored_deployment,
    stored_deployments,
    stored_version,
    stored_versions,
)
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.flows.library import json_for_reader


def all_deployments(workspace: Workspace, caller: Caller) -> list[Deployment]:
    """Return the deployments that a caller may use, the oldest first."""
    caller.need("read", "deploy")
    return [
        deployment for deployment in stored_deployments(workspace) if caller.may_use_model(deployment.name)
    ]


def find_deployment(workspace: Workspace, caller: Caller, name: str) -> Deployment:
    """Return a deployment; raise `NotFound` for one that is not there or not for this caller."""
    caller.need("read", "deploy")
    need_model(caller, name)
    return stored_deployment(workspace, name)


def versions_of(workspace: Workspace, caller: Caller, name: str) -> list[Version]:
    """Return every version of a deployment, the first one first; raise `NotFound` without it."""
    find_deployment(workspace, caller, name)
    return [_for_reader(workspace, caller, version) for version in stored_versions(workspace, name)]


def get_version(workspace: Workspace, caller: Caller, name: str, number: int) -> Version:
    """Return one version of a deployment; raise `NotFound` where there is none of this number."""
    find_deployment(workspace, caller, name)
    return _for_reader(workspace, caller, stored_version(workspace, name, number))


def _for_reader(workspace: Workspace, caller: Caller, version: Version) -> Version:
    """Return a version without the examples of the dataset that a caller may not see."""
    return replace(version, flow=json_for_reader(workspace, caller, version.flow))


def changed_since(workspace: Workspace, caller: Caller, version: Version) -> tuple[str, ...]:
    """Return what is different now from what a version was measured with, one sentence each."""
    caller.need("read", "deploy")
    need_model(caller, version.deployment)
    return changes(version, material_of(workspace, version))


def need_model(caller: Caller, name: str) -> None:
    """Raise `NotFound` unless the caller may use a deployment: for others it does not exist."""
    if not caller.may_use_model(name):
        raise no_deployment(name)
