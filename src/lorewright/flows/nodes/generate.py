"""What the model says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.draft import Draft
from lorewright.flows.kinds import Port, PortType, Running, Take, parameter
from lorewright.models import Sampling, Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Generate:
    """Lets the model complete the messages; its text streams while it is made."""

    adapter: str = parameter("", "Which adapter the model wears; empty for the base model itself.")
    max_tokens: int = parameter(256, "How long the text may become.", low=1)
    temperature: float = parameter(0.0, "0 always takes the likeliest token.", low=0, high=2)
    seed: int = parameter(0, "Added to the seed of the run; matters above temperature 0.")

    inputs: ClassVar[Mapping[str, Port]] = {"messages": Port("messages")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the draft; when the run is stopped, what was said so far."""
        messages = take("messages")
        engine = running.parts.engine(self.adapter)
        weights, _, adapter = engine.fingerprint.partition("+")
        running.made_by.update(model=engine.name, weights=weights, adapter=adapter)
        sampling = Sampling(
            max_tokens=self.max_tokens, temperature=self.temperature, seed=self.seed + running.seed
        )
        said: list[str] = []
        usage, finish_reason = Usage(), "stop"
        for piece in engine.stream(messages, sampling=sampling, stopped=running.stopped):
            said.append(piece.text)
            if piece.text:
                running.on_text(piece.text)
            usage, finish_reason = piece.usage or usage, piece.finish_reason or finish_reason
        return {"draft": Draft(text="".join(said).strip(), usage=usage, finish_reason=finish_reason)}
