"""Deployments and versions as JSON, the same for the command line and over HTTP."""

from typing import Any

from lorewright.access import Caller
from lorewright.deployments import Deployment, Version
from lorewright.evaluation import to_json
from lorewright.workspace.deployments.checks import check_of
from lorewright.workspace.deployments.listing import changed_since, versions_of
from lorewright.workspace.domain.workspace import Workspace


def deployment_to_json(workspace: Workspace, caller: Caller, deployment: Deployment) -> dict[str, Any]:
    """Return a deployment with who answers, its bar, its history, and its versions in short."""
    body: dict[str, Any] = to_json(deployment)
    versions = versions_of(workspace, caller, deployment.name)
    return {
        "id": deployment.name,
        "object": "deployment",
        "created_at": int(versions[0].made_at) if versions else 0,
        **body,
        "live": deployment.live or None,
        "canary": {
            "version": deployment.canary,
            "share": deployment.canary_share,
            "since": deployment.canary_since,
        }
        if deployment.canary
        else None,
        "shadow": {"version": deployment.shadow, "since": deployment.shadow_since}
        if deployment.shadow
        else None,
        "check": to_json(check) if (check := check_of(workspace, caller, deployment.name)) else None,
        "versions": [
            {
                "number": version.number,
                "model": version.name,
                "arm": version.arm,
                "made_at": version.made_at,
                "made_by": version.made_by,
                "correctness": to_json(version.report.correctness) if version.report else None,
            }
            for version in versions
        ],
    }


def version_to_json(workspace: Workspace, caller: Caller, version: Version) -> dict[str, Any]:
    """Return a version whole, with what changed since it was measured."""
    return {
        "id": version.name,
        "object": "deployment.version",
        "model": version.name,
        "created_at": int(version.made_at),
        **to_json(version),
        "changed_since_measured": list(changed_since(workspace, caller, version)),
    }
