"""What the model says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lorewright.errors import InvalidFlow
from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.repetition import without_loop
from lorewright.knowledge.markers import MARKER
from lorewright.messages import Message, last_user_turn
from lorewright.models import Engine, Piece, Sampling, Usage, usage_in
from lorewright.models.joined_calls import joined_calls

INTO_THE_FORM = "Write your answer as JSON."


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

    def __post_init__(self) -> None:
        """Refuse what writes no text."""
        if self.adapter == "classifier":
            raise InvalidFlow("a classifier writes no text.", hint="Use a classify node.")

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
        running.stream.begin()
        if adapter and options.is_form_alone:
            return {"draft": self._filled_in(engine, messages, sampling, running)}
        if not options.needs_chat:
            return {"draft": self._heard(engine, messages, None, sampling, running)}
        request = options.chat([message.to_json() for message in messages], sampling)
        return {"draft": self._heard(engine, messages, request, sampling, running)}

    def _filled_in(
        self, engine: Engine, messages: Sequence[Message], sampling: Sampling, running: Running
    ) -> Draft:
        """Return what a model with an adapter says, put into the form that is asked for by its base.

        An adapter has learned to answer in words; made to write JSON it fills it with markers.
        """
        plain = self._heard(engine, messages, None, sampling, running)
        reply = MARKER.sub("", plain.text).strip()
        turns = [
            {"role": "user", "content": last_user_turn(running.conversation)},
            {"role": "assistant", "content": reply},
            {"role": "user", "content": INTO_THE_FORM},
        ]
        request = running.options.chat(turns, sampling)
        filled = self._heard(running.parts.engine(""), messages, request, sampling, running)
        return replace(filled, usage=plain.usage + filled.usage)

    def _heard(
        self,
        engine: Engine,
        messages: Sequence[Message],
        request: Mapping[str, Any] | None,
        sampling: Sampling,
        running: Running,
    ) -> Draft:
        """Return what an engine says to messages, or to a chat completion that is asked."""
        # What is repeated in JSON is its form: the grammar ends it.
        output = _StreamedText(
            0 if request and running.options.is_structured else self.max_repeats, running.on_text
        )
        calls: list[Mapping[str, Any]] = []

        def is_over() -> bool:
            return output.is_looping or running.stopped()

        if request is None:
            pieces = engine.stream(messages, sampling=sampling, stopped=is_over)
        else:
            pieces = _chat_pieces(engine.chat(request, stopped=is_over), calls)
        usage, finish_reason = Usage(), "stop"
        for piece in pieces:
            output.hear(piece.text)
            usage, finish_reason = piece.usage or usage, piece.finish_reason or finish_reason
        if output.is_looping:  # it was ended from here: nobody counted
            usage = Usage(prompt_tokens=engine.count_tokens(messages), completion_tokens=output.n_pieces)
        if calls and finish_reason == "stop":
            finish_reason = "tool_calls"
        return Draft(
            text=output.text.strip(),
            usage=usage,
            finish_reason=finish_reason,
            calls=tuple(joined_calls(calls)),
        )


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
