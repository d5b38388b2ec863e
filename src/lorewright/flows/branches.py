"""Which nodes of a flow have something to work on, given the branches that are taken."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from lorewright.flows.deep_calls import call_deep
from lorewright.flows.flow import Flow
from lorewright.flows.kinds import Kind


class Branches:
    """Follows a flow backwards from a port to the nodes that choose.

    `taken(node_id)` says which output ports a choosing node delivers to; it is only asked where
    that decides, so that what lies behind no wanted port is not run for it.
    """

    def __init__(
        self, flow: Flow, kinds: Mapping[str, type[Kind]], taken: Callable[[str], Collection[str]]
    ) -> None:
        self._kinds = kinds
        self._taken = taken
        self._sources = {
            (edge.target, edge.target_port): (edge.source, edge.source_port) for edge in flow.edges
        }
        self._known: dict[str, bool] = {}
        self._level = 0

    def runs(self, node_id: str) -> bool:
        """Return whether everything the node needs is delivered to it."""
        if node_id not in self._known:
            self._level += 1
            self._known[node_id] = call_deep(self._level, partial(self._has_all, node_id))
            self._level -= 1
        return self._known[node_id]

    def source(self, node_id: str, port: str) -> tuple[str, str] | None:
        """Return the node and port that deliver to an input port, or `None` where none does."""
        source = self._sources.get((node_id, port))
        return source if source is not None and self._delivers(*source) else None

    def _delivers(self, node_id: str, port: str) -> bool:
        if not self.runs(node_id):
            return False
        return not self._kinds[node_id].about.is_choosing or port in self._taken(node_id)

    def _has_all(self, node_id: str) -> bool:
        ports = self._kinds[node_id].inputs.items()
        needed = [name for name, port in ports if port.is_required and not port.may_miss]
        either = [name for name, port in ports if port.may_miss]
        if any(self.source(node_id, name) is None for name in needed):
            return False
        return not either or any(self.source(node_id, name) is not None for name in either)
