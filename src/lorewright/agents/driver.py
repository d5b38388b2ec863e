"""What decides on the next step of an agent, and how it is asked within its limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lorewright.agents.context import Fitted, Turn, fitted
from lorewright.errors import LorewrightError, Transient
from lorewright.models import Stopped, Usage, usage_in
from lorewright.models.joined_calls import joined_calls

_CHARACTERS_A_TOKEN = 3.5
_LEAST_ANSWER_TOKENS = 64
MOST_ANSWER_CHARACTERS = 20_000
"""What is read of one answer: a server that ignores `max_tokens` must not fill the memory."""


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
    """One answer of a driver; without a `finish_reason` it was left in the middle."""

    text: str
    calls: tuple[Mapping[str, Any], ...]
    usage: Usage
    finish_reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer of a driver, the request as it was sent, and how many of its turns were shortened."""

    reply: Reply
    request: Mapping[str, Any]
    n_shortened: int


def ask_driver(driver: Driver, request: Mapping[str, Any], limits: DriverLimits, stopped: Stopped) -> Asked:
    """Return a driver's answer to a request that is made to fit its context; fixed steps have none.

    Raises `Transient` where what it sends is no chat completion, or ends in the middle.
    """
    room = limits.context_tokens - limits.answer_tokens
    turns, count = request["messages"], counter(driver, request)
    short = fitted(turns, limit=max(room, 256), count=count) if asks_model(driver) else Fitted(list(turns))
    whole = {
        "temperature": 0.0, "seed": 0, "max_tokens": max(limits.answer_tokens, _LEAST_ANSWER_TOKENS),
        **request, "messages": short.turns,
    }  # fmt: skip
    try:
        reply = _heard(driver.chat(whole, stopped=stopped), lambda: counter(driver, whole)(short.turns))
    except (LorewrightError, LookupError):
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise Transient(f"{driver.name} sent something that is no chat completion ({said}).") from error
    if not reply.finish_reason and not stopped():
        raise Transient(f"{driver.name} stopped before its answer was complete.", hint="Try again.")
    return Asked(reply, whole, short.n_shortened)


def asks_model(driver: Driver) -> bool:
    """Return whether a model decides, or fixed steps in its place."""
    return bool(getattr(driver, "is_model", True))


def counter(driver: Driver, request: Mapping[str, Any]) -> Callable[[Sequence[Turn]], int]:
    """Return what counts the tokens of turns, tools and all, as well as the driver can tell."""
    exact = getattr(driver, "count_chat", None)
    rest = len(str(request.get("tools") or ""))

    def count(turns: Sequence[Turn]) -> int:
        if exact is not None:
            return int(exact({**request, "messages": list(turns)}))
        return int((sum(len(str(turn)) for turn in turns) + rest) / _CHARACTERS_A_TOKEN)

    return count


def _heard(chunks: Any, count_prompt: Callable[[], int]) -> Reply:
    """Return what was said; the tokens of a server that does not count them are estimated."""
    usage: Usage | None = None
    text, finish_reason, n_characters = "", "", 0
    pieces: list[Mapping[str, Any]] = []
    for chunk in chunks:
        if n_characters > MOST_ANSWER_CHARACTERS:
            finish_reason = "length"
            break
        usage = usage_in(chunk["usage"]) if chunk.get("usage") else usage
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            text += delta.get("content") or ""
            pieces += delta.get("tool_calls") or ()
            n_characters += len(delta.get("content") or "") + len(str(delta.get("tool_calls") or ""))
            finish_reason = choice.get("finish_reason") or finish_reason
    if usage is None:
        usage = Usage(prompt_tokens=count_prompt(), completion_tokens=int(n_characters / _CHARACTERS_A_TOKEN))
    return Reply(text[:MOST_ANSWER_CHARACTERS], tuple(joined_calls(pieces)), usage, finish_reason)
