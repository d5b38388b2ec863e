"""What a program outside says."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, Literal

from lorewright.documents import Chunk
from lorewright.errors import EngineError, InvalidFlow
from lorewright.flows.answer import Draft
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.tool_results import ToolText, texts_in
from lorewright.json_text import read_json
from lorewright.knowledge import Hit
from lorewright.messages import Conversation, last_user_turn
from lorewright.settings import DEFAULT_REFUSAL

_PLACEHOLDER = re.compile(r"\{(question|conversation)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolCall:
    """Calls a tool of a configured server over the Model Context Protocol.

    What it says leaves as hits, which a prompt shows as numbered texts and never as instructions, and
    as a draft, which can be checked and given as the answer.
    """

    server: str = parameter("", "The name of the tool server in the settings.")
    tool: str = parameter("", "The name of the tool on that server.")
    arguments: str = parameter(
        '{"query": "{question}"}',
        "A JSON object; {question} is replaced by the last question, {conversation} by all turns.",
    )
    result_field: str = parameter(
        "",
        "The field of a structured result to use, such as answer or data.rows; empty for the whole result.",
    )
    n_kept: int = parameter(
        0, "The maximum number of hits when the tool returns a list; 0 for no limit.", low=0
    )
    on_failure: Literal["stop", "go on"] = parameter(
        "stop", "What to do when the tool fails: end the answer, or go on without its result."
    )
    refusal: str = parameter(DEFAULT_REFUSAL, "The text of the draft when the tool returns nothing.")

    about: ClassVar[About] = About("Tool", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits", "draft": "draft"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` where no tool is named, or the arguments are no JSON object."""
        for name in ("server", "tool"):
            if not getattr(self, name).strip():
                raise InvalidFlow(
                    f"parameter {name!r} names no {name}.", hint="Choose one in the node's settings."
                )
        try:
            read = read_json(self.arguments or "{}")
        except json.JSONDecodeError as error:
            raise InvalidFlow(f"parameter 'arguments' is not valid JSON: {error}.") from None
        if not isinstance(read, dict):
            raise InvalidFlow("parameter 'arguments' is not a JSON object.", hint='Write {"name": value, …}.')

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return what the tool says; what was called, with what and how long, is noted beside it."""
        arguments = self.filled(take("conversation"))
        called: dict[str, Any] = {"server": self.server, "tool": self.tool, "arguments": arguments}
        running.notes["call"] = called
        started = time.perf_counter()
        entries: list[ToolText] = []
        try:
            tools = running.parts.tools()
            result = tools.call(self.server, self.tool, arguments, stopped=running.stopped)
            entries = texts_in(result, self.result_field)
        except EngineError as error:
            if self.on_failure == "stop":
                raise
            called["error"] = str(error)
        called["time_ms"] = (time.perf_counter() - started) * 1000
        hits = tuple(self._hit(one, rank) for rank, one in enumerate(entries[: self.n_kept or None], start=1))
        text = "\n\n".join(hit.chunk.text for hit in hits)
        draft = Draft(text=text, hits=hits) if text else Draft(text=self.refusal, refused=True)
        return {"hits": hits, "draft": draft}

    def filled(self, conversation: Conversation) -> dict[str, Any]:
        """Return the arguments for a conversation; only their texts are filled, so their form stays."""
        turns = "\n".join(f"{turn.role}: {turn.content}" for turn in conversation if turn.role != "system")
        values = {"question": last_user_turn(conversation), "conversation": turns}
        filled: dict[str, Any] = _filled(read_json(self.arguments or "{}"), values)
        return filled

    def _hit(self, entry: ToolText, rank: int) -> Hit:
        """Return one thing that was said as a hit: its document is the tool."""
        text, place = entry.text, f"tool:{self.server}/{self.tool}"
        chunk = Chunk(
            id=f"{place}#{blake2b(f'{entry.title} {text}'.encode(), digest_size=8).hexdigest()}",
            document_id=place,
            title=entry.title or f"{self.server}: {self.tool}",
            start=0,
            end=len(text),
            text=text,
        )
        return Hit(chunk, score=entry.score if entry.score is not None else 1.0 / rank, rank=rank)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda match: values[match[1]], value)
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    return value
