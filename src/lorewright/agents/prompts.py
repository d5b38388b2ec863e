"""The prompts of a run's steps, put together again exactly as they were sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelResponse,
    ToolCallPart,
)

from lorewright.agents.engine_model import turns_of
from lorewright.agents.journal import STEPS, Entry
from lorewright.agents.packed_turns import Turn, digest_of, packed, unpacked

_FACTS = ("agent", "model", "ms", "tokens_in", "tokens_out", "usd", "text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """What was sent to a model for one step: turns, the tools that were shown, and how it was to answer.

    `is_exact` says whether the turns are certainly those that were sent.
    """

    turns: tuple[Turn, ...]
    tools: tuple[Mapping[str, Any], ...]
    options: Mapping[str, Any]
    is_exact: bool

    def to_json(self) -> dict[str, Any]:
        """Return the prompt as JSON."""
        return {
            "messages": list(self.turns), "tools": list(self.tools), "options": dict(self.options),
            "is_exact": self.is_exact,
        }  # fmt: skip


class SentPrompts:
    """Writes down the prompts of one agent, each as what neither the conversation nor the last one holds."""

    def __init__(self) -> None:
        self._sent: list[Turn] = []
        self._tools: Any = None
        self._options: Any = None

    def kept(self, request: Mapping[str, Any], conversation: Sequence[ModelMessage] = ()) -> dict[str, Any]:
        """Return what of a request is written down beside the conversation before its answer."""
        turns = [dict(turn) for turn in request["messages"]]
        known = [*turns_of(conversation), *self._sent]
        options = {name: value for name, value in request.items() if name not in ("messages", "tools")}
        kept = {"sent": packed(turns, known), "digest": digest_of(turns), **self.tools(request)}
        if options != self._options:
            kept["options"] = options
        self._sent, self._options = turns, options
        return kept

    def tools(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the tools that a request shows, where they are others than in the last one."""
        tools, former = list(request.get("tools", ())), self._tools
        self._tools = tools
        return {} if tools == former else {"tools": tools}


def prompts_in(entries: Sequence[Entry]) -> list[Prompt | None]:
    """Return the prompt of every entry, in order; `None` where no model was asked, or it was not kept."""
    readers: dict[str, _Reader] = {}
    return [readers.setdefault(str(entry["agent"]), _Reader()).read(entry) for entry in entries]


class _Reader:
    """Puts the prompts of one agent together, entry by entry."""

    def __init__(self) -> None:
        self._messages: list[ModelMessage] = []
        self._sent: list[Turn] = []
        self._tools: list[Mapping[str, Any]] = []
        self._options: Mapping[str, Any] = {}

    def read(self, entry: Entry) -> Prompt | None:
        """Return the prompt of the agent's next entry."""
        if entry["kind"] not in STEPS:
            return None
        self._messages += ModelMessagesTypeAdapter.validate_python(entry.get("messages", []))
        self._tools = entry.get("tools", self._tools)
        self._options = entry.get("options", self._options)
        if "sent" not in entry:
            return None
        conversation = turns_of(before_answer(self._messages)) if entry["kind"] == "answer" else []
        self._sent = unpacked(entry["sent"], [*conversation, *self._sent])
        return Prompt(
            turns=tuple(self._sent), tools=tuple(self._tools), options=self._options,
            is_exact=digest_of(self._sent) == entry["digest"],
        )  # fmt: skip


def before_answer(messages: Sequence[ModelMessage]) -> Sequence[ModelMessage]:
    """Return the messages before the last answer: what was asked with, and all before that."""
    places = [place for place, message in enumerate(messages) if isinstance(message, ModelResponse)]
    return messages[: places[-1]] if places else messages


def calls_of(entry: Entry) -> list[dict[str, str]]:
    """Return the calls that a driver answered with: tools and their arguments, as it wrote them."""
    messages = ModelMessagesTypeAdapter.validate_python(entry.get("messages", []))
    return [
        {
            "tool": part.tool_name,
            "arguments": part.args if isinstance(part.args, str) else part.args_as_json_str(),
        }
        for message in messages
        if isinstance(message, ModelResponse)
        for part in message.parts
        if isinstance(part, ToolCallPart)
    ]


def spans_of(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the steps at which a model was asked, as JSON; their prompts packed, see `whole_spans`."""
    spans: list[dict[str, Any]] = []
    last: dict[str, Prompt] = {}
    for entry, prompt in zip(entries, prompts_in(entries), strict=True):
        if prompt is None:
            continue
        former = last.get(str(entry["agent"]))
        span = {name: entry[name] for name in _FACTS} | {"calls": calls_of(entry)}
        span["messages"] = packed(prompt.turns, former.turns if former else ())
        if former is None or former.tools != prompt.tools:
            span["tools"] = list(prompt.tools)
        spans.append(span)
        last[str(entry["agent"])] = prompt
    return spans
