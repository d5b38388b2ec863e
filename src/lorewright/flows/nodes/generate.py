"""What the model says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.repetition import without_loop
from lorewright.models import Piece, Sampling, Usage, usage_in
from lorewright.models.joined_calls import joined_calls


@dataclass(frozen=True, kw_only=True, slots=True)
class Generate:
    """Generates a text with the model from the messages, and streams it."""

    adapter: str = parameter("", "Adapter to apply; empty for the base model.")
    max_tokens: int = parameter(256, "The length limit of the text, in tokens.", low=1)
    temperature: float = parameter(0.0, "0 always chooses the most likely token.", low=0, high=2)
    seed: int = parameter(0, "Added to the seed of the run; matters above temperature 0.")
    max_repeats: int = parameter(
        2,
        "How many times in a row a text may repeat the same passage before it is stopped; 0 never stops it.",
        low=0,
    )

    about: ClassVar[About] = About("Generate", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {"messages": Port("messages")}
    outputs: ClassVar[Mapping[str, PortType]] = {"draft": "draft"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the draft; when the run is stopped, what was said so far."""
        messages = take("messages")
        engine = running.parts.engine(self.adapter)
        weights, _, adapter = engine.fingerprint.partition("+")
        running.made_by.update(model=engine.name, weights=weights, adapter=adapter)
        options = running.options
        sampling = options.sampling(
            Sampling(max_tokens=self.max_tokens, temperature=self.temperature, seed=self.seed + running.seed)
        )
        # What is repeated in JSON is its form: the grammar ends it.
        output = _StreamedText(0 if options.is_structured else self.max_repeats, running.on_text)
        calls: list[Mapping[str, Any]] = []
        running.stream.begin()

        def is_over() -> bool:
            return output.is_looping or running.stopped()

        if options.needs_chat:
            request = options.chat([message.to_json() for message in messages], sampling)
            pieces = _chat_pieces(engine.chat(request, stopped=is_over), calls)
        else:
            pieces = engine.stream(messages, sampling=sampling, stopped=is_over)
        usage, finish_reason = Usage(), "stop"
        for piece in pieces:
            output.hear(piece.text)
            usage, finish_reason = piece.usage or usage, piece.finish_reason or finish_reason
        if output.is_looping:  # it was ended from here: nobody counted
            usage = Usage(prompt_tokens=engine.count_tokens(messages), completion_tokens=output.n_pieces)
        if calls and finish_reason == "stop":
            finish_reason = "tool_calls"
        draft = Draft(
            text=output.text.strip(),
            usage=usage,
            finish_reason=finish_reason,
            calls=tuple(joined_calls(calls)),
        )
        return {"draft": draft}


def _chat_pieces(chunks: Iterable[Mapping[str, Any]], calls: list[Mapping[str, Any]]) -> Iterator[Piece]:
    """Yield the text of a chat completion; the pieces of calls are put into `calls`."""
    for chunk in chunks:
        usage = usage_in(chunk["usage"]) if chunk.get("usage") else None
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            calls += delta.get("tool_calls") or ()
            yield Piece(delta.get("content") or "", None, choice.get("finish_reason"))
        if usage:
            yield Piece("", usage)


class _StreamedText:
    """What the model has said so far; once it loops, nothing more is heard."""

    def __init__(self, max_repeats: int, on_text: Callable[[str], None]) -> None:
        self.text = ""
        self.n_pieces = 0
        self.is_looping = False
        self._max_repeats = max_repeats
        self._on_text = on_text

    def hear(self, piece: str) -> None:
        """Take one piece of text in."""
        if not piece or self.is_looping:
            return
        self.text += piece
        self.n_pieces += 1
        self._on_text(piece)
        if self._max_repeats:
            once = without_loop(self.text, max_repeats=self._max_repeats)
            self.is_looping = len(once) < len(self.text)
            self.text = once
