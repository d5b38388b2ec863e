"""A cluster without machines: for tests of what is spread."""

from collections.abc import Iterable, Iterator

from lorewright.workspace.jobs.cluster import done_on_node, result_of


class ThisProcess:
    """A cluster of nothing but this process; a unit goes through the same bytes as on a node."""

    def each(self, work: str, spec: str, units: Iterable[bytes], *, at_least: int = 16) -> Iterator[bytes]:  # noqa: ARG002
        """Yield what `work` makes of every unit."""
        for unit in units:
            yield result_of(done_on_node(work, spec, unit))
