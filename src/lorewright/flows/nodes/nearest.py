"""What was answered to the question most like this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.messages import last_user_turn
from lorewright.settings import DEFAULT_REFUSAL


@dataclass(frozen=True, kw_only=True, slots=True)
class NearestExample:
    """Answers with the answer of the most similar example, word for word, without a model."""

    min_likeness: float = parameter(
        0.35,
        "The minimum similarity of the question to an example; below it the answer is a refusal.",
        low=0,
        high=1,
    )
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of a refusal.")

    about: ClassVar[About] = About("Nearest example", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    @property
    def shows_examples(self) -> bool:
        """Whether it needs examples: it does."""
        return True

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the completion of the nearest example; which one it is, is noted beside it."""
        matches = running.parts.examples().nearest(last_user_turn(take("conversation")), 1)
        if not matches or matches[0].likeness < self.min_likeness:
            running.on_text(self.refusal)
            return {"draft": Draft(text=self.refusal, refused=True)}
        example = matches[0].example
        running.notes.update(example=example.id, likeness=round(matches[0].likeness, 3))
        running.on_text(example.completion)
        return {"draft": Draft(text=example.completion, refused=not example.answerable)}
