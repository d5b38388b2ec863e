"""Work spread over machines: units go out as bytes, and what was made of them comes back in their order.

A unit of work is a function `(spec, unit) -> bytes` that depends on nothing else: done again after a node
died, it gives the same. It writes nothing. Whoever asked writes down what comes back.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

from lorewright import errors
from lorewright.errors import InvalidSetting, LorewrightError
from lorewright.registry import import_target

Work = Callable[[str, bytes], bytes]
"""What is done with a unit, as `spec` says; a node that does one after the other may keep what it opened."""

# Two spinning OpenMP teams on two cores are six times slower than one that waits.
QUIET_THREADS = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}
"""What a process that computes beside others must have in its environment."""

_RAY = "lorewright.workspace.jobs.ray_cluster:RayCluster"
_ADDRESS = re.compile(r"ray|ray://(?:[^\s/:@]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}")


class Cluster(Protocol):
    """Machines that do units of work."""

    def each(self, work: str, spec: str, units: Iterable[bytes], *, at_least: int = 16) -> Iterator[bytes]:
        """Yield what `work` (`module:function`) makes of every unit, in their order.

        They go out `at_least` so many at a time, more where there are more processors. Raises what a
        unit raises, if that is a `LorewrightError`, and `UnusableCluster`.
        """


def check_address(address: str) -> str:
    """Return the address of a cluster; raise `InvalidSetting` for what is none."""
    if not _ADDRESS.fullmatch(address):
        raise InvalidSetting(
            f"--on is {address!r}.",
            hint="Use ray://HOST:PORT, where PORT is that of Ray's client server (usually 10001), or ray for "
            "the cluster that this machine belongs to.",
        )
    return address


def cluster_of(order: Mapping[str, Any]) -> "AbstractContextManager[Cluster | None]":
    """Return the cluster that an order names with `on`, connected when it is first used; else `None`."""
    address = order.get("on")
    if not address:
        return nullcontext()
    cluster: AbstractContextManager[Cluster] = import_target(_RAY)(check_address(str(address)))
    return cluster


def done_on_node(work: str, spec: str, unit: bytes) -> bytes:
    """Return what `work` makes of a unit, or what it raised on purpose, for `result_of`."""
    try:
        function: Work = import_target(work)
        return packed({}, [function(spec, unit)])
    except LorewrightError as error:
        return packed({"type": type(error).__name__, "message": str(error), "hint": error.hint})


def result_of(told: bytes) -> bytes:
    """Return what `done_on_node` was told; raise what was raised there."""
    failure, parts = unpacked(told)
    if not failure:
        return parts[0]
    kind = getattr(errors, failure["type"], errors.UserError)
    error: LorewrightError = kind(failure["message"], hint=failure["hint"])
    raise error


def packed(head: Any, parts: Sequence[bytes] = ()) -> bytes:
    """Return a value that JSON can hold, and bytes, as one piece."""
    written = json.dumps([head, [len(part) for part in parts]]).encode()
    return b"\n".join([written, b"".join(parts)])


def unpacked(piece: bytes) -> tuple[Any, list[bytes]]:
    """Return what `packed` was given."""
    written, _, body = piece.partition(b"\n")
    head, sizes = json.loads(written)
    parts, start = [], 0
    for size in sizes:
        parts.append(body[start : start + size])
        start += size
    return head, parts
