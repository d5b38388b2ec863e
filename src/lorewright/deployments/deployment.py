"""A deployment: a name, and which of its versions answers whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lorewright.deployments.bar import Bar
from lorewright.errors import InvalidSetting, NotFound

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
N_HAPPENED = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One change of a deployment: when (Unix seconds), by whom, what."""

    at: float
    by: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A name for flows, and which version of it answers whom.

    Versions are numbered from 1. `live` answers, but for a share of `canary_share` of the callers,
    whom `canary` answers; `shadow` answers in the background and is never shown; 0 stands for
    none. `grant` names the groups whose documents it answers from whoever asks (`*`: all documents);
    without any it answers from what its caller may read. `earlier` are the
    versions that were live before, the latest last. `canary_since` and `shadow_since` are Unix seconds.
    """

    name: str
    n_versions: int = 0
    live: int = 0
    canary: int = 0
    canary_share: float = 0.0
    canary_since: float = 0.0
    shadow: int = 0
    shadow_since: float = 0.0
    earlier: tuple[int, ...] = ()
    bar: Bar = field(default_factory=Bar)
    grant: tuple[str, ...] = ()
    history: tuple[Happened, ...] = ()


def check_name(name: str) -> None:
    """Raise `InvalidSetting` for a name that no deployment can have."""
    if not _NAME.fullmatch(name):
        raise InvalidSetting(
            f"{name!r} is not a valid deployment name.",
            hint="Use at most 63 lower-case letters, digits, dots, underscores and hyphens: version-desk.",
        )


def grown(deployment: Deployment, *, at: float, by: str) -> Deployment:
    """Return the deployment with one more version, which answers nobody yet."""
    number = deployment.n_versions + 1
    return _noted(replace(deployment, n_versions=number), at, by, f"created version {number}")


def promoted(deployment: Deployment, number: int, *, at: float, by: str) -> Deployment:
    """Return the deployment with this version live; a canary or shadow that it was, it is no more."""
    _check_number(deployment, number)
    if number == deployment.live:
        return deployment
    earlier = (*deployment.earlier, deployment.live) if deployment.live else deployment.earlier
    changed = replace(_without(deployment, number), live=number, earlier=earlier)
    return _noted(changed, at, by, f"promoted version {number}")


def rolled_back(deployment: Deployment, *, at: float, by: str) -> Deployment:
    """Return the deployment with the version live that was live before, and no canary."""
    if not deployment.earlier:
        raise InvalidSetting(
            f"{deployment.name} has no earlier live version to roll back to.",
            hint="Promote another version instead.",
        )
    number = deployment.earlier[-1]
    changed = replace(_without(deployment, deployment.canary), live=number, earlier=deployment.earlier[:-1])
    changed = _without(changed, number)
    return _noted(changed, at, by, f"rolled back from version {deployment.live} to {number}")


def with_canary(deployment: Deployment, number: int, share: float, *, at: float, by: str) -> Deployment:
    """Return the deployment with a version that answers a share of the callers."""
    _check_number(deployment, number)
    if not 0.0 < share < 1.0:
        raise InvalidSetting(
            f"The canary share is {share:g}.", hint="It must be greater than 0 and less than 1."
        )
    if not deployment.live:
        raise InvalidSetting(
            f"{deployment.name} has no live version to compare a canary with.",
            hint="Promote a version first.",
        )
    if number == deployment.live:
        raise InvalidSetting(
            f"Version {number} of {deployment.name} is already live.",
            hint="Choose another version as the canary.",
        )
    since = deployment.canary_since if number == deployment.canary else at
    changed = replace(_without(deployment, number), canary=number, canary_share=share, canary_since=since)
    return _noted(changed, at, by, f"made version {number} the canary for {share * 100:g}% of callers")


def without_canary(deployment: Deployment, *, at: float, by: str) -> Deployment:
    """Return the deployment without a canary."""
    if not deployment.canary:
        return deployment
    changed = _without(deployment, deployment.canary)
    return _noted(changed, at, by, f"removed version {deployment.canary} as canary")


def with_shadow(deployment: Deployment, number: int, *, at: float, by: str) -> Deployment:
    """Return the deployment with a version that answers too, in the background."""
    _check_number(deployment, number)
    if number in (deployment.live, deployment.canary):
        raise InvalidSetting(
            f"Version {number} of {deployment.name} already answers callers.",
            hint="Choose another version as the shadow.",
        )
    changed = replace(deployment, shadow=number, shadow_since=at)
    return _noted(changed, at, by, f"made version {number} the shadow")


def without_shadow(deployment: Deployment, *, at: float, by: str) -> Deployment:
    """Return the deployment without a shadow."""
    if not deployment.shadow:
        return deployment
    changed = _without(deployment, deployment.shadow)
    return _noted(changed, at, by, f"removed version {deployment.shadow} as shadow")


def granted_to(deployment: Deployment, groups: Sequence[str], *, at: float, by: str) -> Deployment:
    """Return the deployment that answers from the documents of these groups, or of its caller without any."""
    if tuple(groups) == deployment.grant:
        return deployment
    what = f"answers from the documents of {', '.join(groups)}" if groups else "answers from its caller's"
    if "*" in groups:
        what = "answers from all documents"
    return _noted(replace(deployment, grant=tuple(groups)), at, by, what)


def _check_number(deployment: Deployment, number: int) -> None:
    if not 1 <= number <= deployment.n_versions:
        raise NotFound(
            f"{deployment.name} has no version {number}.",
            hint=f"Its versions are numbered from 1 to {deployment.n_versions}.",
        )


def _without(deployment: Deployment, number: int) -> Deployment:
    """Return the deployment with this version neither canary nor shadow."""
    if number and deployment.canary == number:
        deployment = replace(deployment, canary=0, canary_share=0.0, canary_since=0.0)
    if number and deployment.shadow == number:
        deployment = replace(deployment, shadow=0, shadow_since=0.0)
    return deployment


def _noted(deployment: Deployment, at: float, by: str, what: str) -> Deployment:
    history = (*deployment.history, Happened(at=at, by=by, what=what))
    return replace(deployment, history=history[-N_HAPPENED:])
