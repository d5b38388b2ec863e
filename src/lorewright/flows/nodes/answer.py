"""Where a flow ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.kinds import About, Port, PortType, Running, Take


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenAnswer:
    """Returns the draft as the answer."""

    about: ClassVar[About] = About("Answer", "Output")
    inputs: ClassVar[Mapping[str, Port]] = {"draft": Port("draft")}
    outputs: ClassVar[Mapping[str, PortType]] = {"answer": "answer"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:  # noqa: ARG002 - needs nothing more
        """Return the draft as the answer."""
        return {"answer": take("draft")}
