"""Which version answers whom."""

from hashlib import blake2b
from typing import Literal

from lorewright.deployments.deployment import Deployment

Role = Literal["live", "canary", "named"]


def version_for(deployment: Deployment, who: str) -> int:
    """Return the number of the version that answers `who`: a caller, or one of their conversations.

    The same one gets the same version as long as the canary stays, and keeps it when its share grows.
    """
    if deployment.canary and _place(deployment, who) < deployment.canary_share:
        return deployment.canary
    return deployment.live


def role_of(deployment: Deployment, number: int) -> Role:
    """Return as what a version answers those who do not ask for it by its number."""
    if number == deployment.live:
        return "live"
    return "canary" if number == deployment.canary else "named"


def _place(deployment: Deployment, who: str) -> float:
    """Return a number in [0, 1) that depends on who asks and which canary it is."""
    identity = f"{deployment.name}\0{deployment.canary}\0{who}"
    return int.from_bytes(blake2b(identity.encode(), digest_size=6).digest()) / 2**48
