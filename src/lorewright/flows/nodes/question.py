"""Where a flow begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.kinds import About, Port, PortType, Running, Take


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedQuestion:
    """The conversation to answer; its last user turn is the question."""

    about: ClassVar[About] = About("Question", "Input")
    inputs: ClassVar[Mapping[str, Port]] = {}
    outputs: ClassVar[Mapping[str, PortType]] = {"conversation": "conversation"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:  # noqa: ARG002 - takes nothing
        """Return the conversation."""
        return {"conversation": running.conversation}
