"""What decides on the next step of an agent, and how it is asked within its limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lorewright.agents.context import Turn, fitted
from lorewright.models import Stopped, Usage, usage_in
from lorewright.models.joined_calls import joined_calls

_CHARACTERS_A_TOKEN = 3.5
_LEAST_ANSWER_TOKENS = 64


class Driver(Protocol):
    """What decides on the next step: an engine, as far as agents need one."""

    @property
    def name(self) -> str:
        """The model as a user would name it."""

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = ...) -> Any:
        """Yield the chunks of a chat completion, both in OpenAI's words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DriverLimits:
    """How much a driver reads and writes at once, in tokens."""

    context_tokens: int = 8192
    answer_tokens: int = 768


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a driver."""

    text: str
    calls: tuple[Mapping[str, Any], ...]
    usage: Usage
    finish_reason: str = "stop"


def ask_driver(
    driver: Driver, request: Mapping[str, Any], limits: DriverLimits, stopped: Stopped
) -> tuple[Reply, int]:
    """Return a driver's answer to a request that fits its context, and how many turns were shortened."""
    room = limits.context_tokens - limits.answer_tokens
    short = fitted(request["messages"], limit=max(room, 256), count=counter(driver, request))
    whole = {
        "temperature": 0.0, "seed": 0, "max_tokens": max(limits.answer_tokens, _LEAST_ANSWER_TOKENS),
        **request, "messages": short.turns,
    }  # fmt: skip
    return _heard(driver.chat(whole, stopped=stopped)), short.n_shortened


def counter(driver: Driver, request: Mapping[str, Any]) -> Callable[[Sequence[Turn]], int]:
    """Return what counts the tokens of turns, tools and all, as well as the driver can tell."""
    exact = getattr(driver, "count_chat", None)
    rest = len(str(request.get("tools") or ""))

    def count(turns: Sequence[Turn]) -> int:
        if exact is not None:
            return int(exact({**request, "messages": list(turns)}))
        return int((sum(len(str(turn)) for turn in turns) + rest) / _CHARACTERS_A_TOKEN)

    return count


def _heard(chunks: Any) -> Reply:
    text, usage, finish_reason = "", Usage(), "stop"
    pieces: list[Mapping[str, Any]] = []
    for chunk in chunks:
        usage = usage_in(chunk["usage"]) if chunk.get("usage") else usage
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            text += delta.get("content") or ""
            pieces += delta.get("tool_calls") or ()
            finish_reason = choice.get("finish_reason") or finish_reason
    return Reply(text, tuple(joined_calls(pieces)), usage, finish_reason)
