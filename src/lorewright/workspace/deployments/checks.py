"""How a deployment answers now, beside how it was measured: the latest check of each version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lorewright.access import Caller
from lorewright.deployments import DeployedMaterial, Deployment, Version, changes
from lorewright.evaluation import from_json, to_json
from lorewright.storage import Records
from lorewright.workspace.deployments.listing import find_deployment
from lorewright.workspace.deployments.records import material_of, stored_deployments, stored_version
from lorewright.workspace.domain.workspace import Workspace

KIND = "deployment_check"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A version measured again at a moment, from what it answered then.

    `outcome` is what became of it: fell, held, rose, or not measured; `text` says it with figures.
    """

    version: str
    at: float
    outcome: str
    text: str
    n_questions: int
    material: DeployedMaterial = field(default_factory=DeployedMaterial)
    reasons: tuple[str, ...] = ()


def save_check(workspace: Workspace, check: Check) -> None:
    """Keep a check in the place of the version's earlier one."""
    body: dict[str, Any] = to_json(check)
    Records(workspace.database, KIND).put(f"{KIND}/{check.version}", lambda _: body)


def stored_check(workspace: Workspace, version: str) -> Check | None:
    """Return the latest check of a version, `None` where it was not measured again."""
    record = Records(workspace.database, KIND).find(f"{KIND}/{version}")
    return from_json(Check, record.body) if record else None


def check_of(workspace: Workspace, caller: Caller, name: str) -> Check | None:
    """Return the latest check of what is live in a deployment; raise `NotFound` without it."""
    version = _live(workspace, find_deployment(workspace, caller, name))
    return stored_check(workspace, version.name) if version else None


def due(workspace: Workspace) -> Sequence[Version]:
    """Return the live versions that answer from something else than when they were last measured."""
    live = (_live(workspace, deployment) for deployment in stored_deployments(workspace))
    return [version for version in live if version and _is_due(workspace, version)]


def _is_due(workspace: Workspace, version: Version) -> bool:
    now = material_of(workspace, version)
    check = stored_check(workspace, version.name)
    return bool(changes(version, now)) and (check is None or check.material != now)


def _live(workspace: Workspace, deployment: Deployment) -> Version | None:
    return stored_version(workspace, deployment.name, deployment.live) if deployment.live else None
