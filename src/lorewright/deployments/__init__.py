"""A named, versioned flow behind an API key."""

from lorewright.deployments.bar import Bar, check_bar
from lorewright.deployments.deployment import (
    Deployment,
    Happened,
    check_name,
    granted_to,
    grown,
    promoted,
    rolled_back,
    with_canary,
    with_shadow,
    without_canary,
    without_shadow,
)
from lorewright.deployments.routing import role_of, version_for
from lorewright.deployments.traffic import ServedVersion, Traffic, compare_pairs, compare_versions, measure
from lorewright.deployments.version import DeployedMaterial, Pin, Version, changes, version_name

__all__ = [
    "Bar",
    "DeployedMaterial",
    "Deployment",
    "Happened",
    "Pin",
    "ServedVersion",
    "Traffic",
    "Version",
    "changes",
    "check_bar",
    "check_name",
    "compare_pairs",
    "compare_versions",
    "granted_to",
    "grown",
    "measure",
    "promoted",
    "role_of",
    "rolled_back",
    "version_for",
    "version_name",
    "with_canary",
    "with_shadow",
    "without_canary",
    "without_shadow",
]
