"""Two branches come together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """Passes on the draft of the branch that ran; of two drafts the first, unless it is a refusal."""

    second_when: Literal["first is missing", "first refuses"] = parameter(
        "first is missing",
        "When to use the second draft: only on its own branch, or also when the first one is a refusal.",
    )

    about: ClassVar[About] = About("Merge", "Logic")
    inputs: ClassVar[Mapping[str, Port]] = {
        "first": Port("draft", may_miss=True),
        "second": Port("draft", may_miss=True),
    }
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:  # noqa: ARG002 - needs nothing more
        """Return one of the drafts; what is not needed of the other is not made."""
        first: Draft | None = take("first")
        if first is not None and not (first.refused and self.second_when == "first refuses"):
            return {"draft": first}
        second: Draft | None = take("second")
        if first is None or second is None:
            return {"draft": second or first}
        return {"draft": replace(second, usage=first.usage + second.usage)}
