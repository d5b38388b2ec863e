"""The label of a closed set that a text means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.labels import nearest_label


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """Replaces a draft with the label it means: a model makes up labels that are not there."""

    labels: tuple[str, ...] = parameter((), "The labels to choose from; a draft unlike all of them is kept.")

    about: ClassVar[About] = About("Label", "Logic")
    inputs: ClassVar[Mapping[str, Port]] = {"draft": Port("draft")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the draft with one of the labels as its text; what the model wrote is noted beside it."""
        if not self.labels or running.options.is_structured:
            return {"draft": take("draft")}
        running.stream.hold(lambda _: "")
        draft: Draft = take("draft")
        if draft.calls or draft.refused or not draft.text.strip():
            return {"draft": draft}
        label = nearest_label(draft.text, self.labels)
        if label != draft.text:
            running.notes.update(written=draft.text)
        return {"draft": replace(draft, text=label)}
