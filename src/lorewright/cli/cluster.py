"""The option that spreads a command's work over a cluster."""

import argparse


def add_cluster_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Let a command do `what` on the nodes of a cluster."""
    parser.add_argument(
        "--on",
        metavar="CLUSTER",
        help=f"{what} on a Ray cluster: ray://HOST:PORT, or ray for the one this machine is in (extra 'ray')",
    )


def cluster_order(arguments: argparse.Namespace) -> dict[str, str]:
    """Return what the order of a job says of the cluster; raise `InvalidSetting` for a wrong address."""
    if arguments.on is None:
        return {}
    from lorewright.workspace.jobs.cluster import check_address

    return {"on": check_address(arguments.on)}
