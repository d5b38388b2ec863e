"""The cluster that an order names."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from lorewright.workspace.jobs.cluster import Cluster, check_address


def cluster_of(order: Mapping[str, Any]) -> AbstractContextManager[Cluster | None]:
    """Return the cluster that an order names with `on`, connected when it is first used; else `None`."""
    address = order.get("on")
    if not address:
        return nullcontext()
    from lorewright.workspace.jobs.ray_cluster import RayCluster  # Ray is imported by who uses it

    return RayCluster(check_address(str(address)))
