"""Units of work over a Ray cluster: windows of them, each spread by Ray Data; the only importer of Ray.

Ray's client cannot run Ray Data, so a task inside the cluster does, for one window at a time; the same
holds where this machine is a node. Ray does again what was on a node that died.
"""

import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from lorewright import __version__
from lorewright.documents.kinds import has_ocr
from lorewright.errors import MissingExtra, UnusableCluster
from lorewright.workspace.jobs.cluster import QUIET_THREADS, done_on_node, result_of
from lorewright.workspace.jobs.portions import portions

QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # Ray would report home
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
}
_REACHED_WITHIN_SECONDS = 10.0
_NODE_WITHIN_SECONDS = 180.0
_WINDOWS_AT_ONCE = 2
_FEWEST_PROCESSORS = 2
_MOST_WINDOW_BYTES = 64 * 1024**2
_CONNECTIONS, _BETWEEN_SECONDS = 3, 3.0
"""How often it is connected: a head that is busy, or whose nodes change, refuses now and then."""
_TRIES = 20
"""How often a window is begun again because the node died whose task led it."""


class RayCluster:
    """A Ray cluster by its address, `ray` for the one that this machine is in; close it when done."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ray: Any = None
        self._n_processors = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ray is not None:
            self._ray.shutdown()  # what is under way there ends with it
            self._ray = None

    def each(self, work: str, spec: str, units: Iterable[bytes], *, at_least: int = 16) -> Iterator[bytes]:
        """Yield what `work` makes of every unit, in their order, as windows of them are finished."""
        ray = self._connected()
        lead = ray.remote(num_cpus=0, max_retries=_TRIES)(_over_ray_data)
        n_units = max(at_least, at_least // _FEWEST_PROCESSORS * self._n_processors)
        under_way: deque[Any] = deque()
        for window in portions(units, len, size=_MOST_WINDOW_BYTES, n=n_units):
            under_way.append(self._told(partial(lead.remote, work, spec, window)))
            if len(under_way) >= _WINDOWS_AT_ONCE:
                yield from self._results(under_way.popleft())
        while under_way:
            yield from self._results(under_way.popleft())

    def _results(self, window: Any) -> Iterator[bytes]:
        """Yield the results of a window, once it is finished."""
        for told in self._told(partial(self._ray.get, window)):
            yield result_of(told)

    def _connected(self) -> Any:
        """Return Ray, connected and its nodes looked at."""
        if self._ray is not None:
            return self._ray
        os.environ |= QUIET
        try:
            import ray
            import ray.data  # to tell now that a part of it is missing
        except ImportError as error:
            raise MissingExtra(
                f"Work over a cluster needs the extra 'ray' ({error}).", hint="pip install 'lorewright[ray]'"
            ) from error
        where = None if self._address == "ray" else self._address
        if where:
            _need_listener(where)
        self._connect(ray, where)
        self._ray = ray
        self._need_nodes()
        self._n_processors = int(ray.cluster_resources().get("CPU", 0))
        if not self._n_processors:
            raise UnusableCluster(
                f"No node of the cluster at {self._address} has a processor for work.",
                hint="Add a node: ray start --address=HOST:PORT",
            )
        return ray

    def _connect(self, ray: Any, where: str | None) -> None:
        for n_left in reversed(range(_CONNECTIONS)):
            try:
                self._told(partial(ray.init, where, log_to_driver=False, logging_level="ERROR"))
            except UnusableCluster:
                if not n_left:
                    raise
                time.sleep(_BETWEEN_SECONDS)
            else:
                return

    def _need_nodes(self) -> None:
        """Raise `UnusableCluster` for a node that cannot do our work, and name it."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        look = self._ray.remote(num_cpus=0, max_retries=0)(_look())
        nodes = [node for node in self._told(self._ray.nodes) if node["Alive"]]
        looks = [
            look.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote()
            for node in nodes
        ]
        for node, seen in zip(nodes, looks, strict=True):
            place = node["NodeManagerAddress"]
            found = self._told(partial(self._ray.get, seen, timeout=_NODE_WITHIN_SECONDS))
            if found.get("missing"):
                raise _lacking(place, found["missing"])
            if found["version"] != __version__:
                raise _lacking(place, f"it has Lorewright {found['version']}, and this is {__version__}")
            if has_ocr() and not found["has_ocr"]:
                raise _lacking(place, "it cannot read text in pictures, and this machine can")

    def _told(self, do: Callable[[], Any]) -> Any:
        """Return what `do()` returns; what goes wrong with the cluster is told in one line."""
        try:
            return do()
        except Exception as error:  # Ray's own and those of what it is made of
            missing = _missing_module(error)
            if missing:
                raise _lacking("", f"No module named {missing!r}") from error
            if failed := _failed_on_node(error):
                raise UnusableCluster(
                    f"Work failed on a node of the Ray cluster at {self._address}: {failed}.",
                    hint="Ray's logs there tell more. What is finished is kept: run the same command again.",
                ) from error
            if not _is_of_ray(error):
                raise
            why = " ".join(str(error).split())[:300] or type(error).__name__
            raise UnusableCluster(
                f"The Ray cluster at {self._address} cannot be used: {why.rstrip('.')}.",
                hint="Is it running, with the same releases of Ray and Python as here? Where it asks for a "
                "token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH. What is finished is kept: run the "
                "same command again.",
            ) from error


def _over_ray_data(work: str, spec: str, units: list[bytes]) -> list[bytes]:
    """Return what `work` makes of the units of a window, each a block of its own; runs in the cluster.

    Blocks come back as they are finished: `place` says where each belongs.
    """
    import pyarrow as pa
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    blocks = [
        pa.table({"place": [place], "unit": pa.array([unit], pa.large_binary())})
        for place, unit in enumerate(units)
    ]

    def made(block: pa.Table) -> pa.Table:
        os.environ.update(QUIET_THREADS)
        results = [done_on_node(work, spec, unit.as_py()) for unit in block["unit"]]
        return pa.table({"place": block["place"], "result": pa.array(results, pa.large_binary())})

    dataset = ray.data.from_arrow(blocks).map_batches(
        made, batch_size=None, batch_format="pyarrow", num_cpus=1
    )
    results = {row["place"]: bytes(row["result"]) for row in dataset.iter_rows()}
    return [results[place] for place in range(len(units))]


def _look() -> Callable[[], dict[str, Any]]:
    """Return what looks at a node; it goes there as a whole, because it may lack Lorewright."""

    def look() -> dict[str, Any]:
        try:
            import ray.data  # noqa: F401

            from lorewright import __version__ as version
            from lorewright.documents import kinds
        except ImportError as error:
            return {"missing": str(error)}
        return {"version": version, "has_ocr": kinds.has_ocr()}

    return look


def _lacking(place: str, what: str) -> UnusableCluster:
    node = f"The node {place}" if place else "A node"
    return UnusableCluster(
        f"{node} of the Ray cluster cannot do this work: {what}.",
        hint=f"Install the same there as here: pip install 'lorewright[ray]=={__version__}'",
    )


def _need_listener(address: str) -> None:
    """Raise `UnusableCluster` where nothing listens: Ray itself tries for minutes."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), _REACHED_WITHIN_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        raise UnusableCluster(
            f"No Ray cluster answers at {address}: {getattr(error, 'strerror', None) or error}.",
            hint="Its head is started with: ray start --head --ray-client-server-port=10001",
        ) from error


def _missing_module(error: BaseException | None) -> str:
    """Return the module of ours that a node could not import, '' where that was not the reason."""
    while error is not None:
        cause = getattr(error, "cause", None)
        for one in (error, cause):
            if isinstance(one, ModuleNotFoundError) and (one.name or "").startswith("lorewright"):
                return str(one.name)
        error = error.__cause__
    return ""


def _failed_on_node(error: BaseException) -> str:
    """Return what stopped a unit that nobody foresaw, such as a full disk; '' for other errors."""
    import ray.exceptions

    if not isinstance(error, ray.exceptions.RayTaskError):
        return ""
    return (str(error).strip().splitlines() or [""])[-1][:300].strip().rstrip(".") or type(error).__name__


def _is_of_ray(error: BaseException) -> bool:
    """Return whether an error is the cluster's."""
    import ray.exceptions

    return isinstance(
        error, ray.exceptions.RayError | ConnectionError | RuntimeError | TimeoutError | OSError
    )
