"""Another flow as one node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.errors import InvalidFlow
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter


@dataclass(frozen=True, kw_only=True, slots=True)
class Subflow:
    """Runs another flow or arm of this domain, and passes on its draft."""

    flow: str = parameter("rag", "The name of an arm or of a saved flow.")

    about: ClassVar[About] = About("Another flow", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` where no flow is named."""
        if not self.flow.strip():
            raise InvalidFlow("parameter 'flow' names no flow.", hint="Name an arm or a saved flow.")

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return what the other flow ends in; its nodes are noted beside it."""
        called = running.call(self.flow, take("conversation"))
        running.notes["nodes"] = called.nodes
        return {"draft": called.draft}
