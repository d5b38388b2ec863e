"""What executes a model, and what comes out of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from lorewright.messages import Message

Stopped = Callable[[], bool]

OWN_TEMPERATURE, OWN_TOP_P = 0.8, 0.95
"""How a model of this machine draws in a chat that does not say: llama.cpp's own."""


def never() -> bool:
    """Let it run to the end."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """How the next token is drawn; the default is greedy, so the same prompt answers the same.

    `more` is what else there is to say, in the words of a chat completion: `top_p`, `logit_bias`.
    """

    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens taken: the whole prompt, what of it came from a cache, and the completion."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return what both took together."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
        )

    def __sub__(self, other: "Usage") -> "Usage":
        """Return what this took more than the other."""
        return Usage(
            self.prompt_tokens - other.prompt_tokens,
            self.completion_tokens - other.completion_tokens,
            self.cached_tokens - other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a completion; the last one of a stream carries the usage and why it ended."""

    text: str
    usage: Usage | None = None
    finish_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model returned: the text, the tokens it took, and `stop` or `length`."""

    text: str
    usage: Usage
    finish_reason: str


class Engine(Protocol):
    """What executes a model: llama.cpp in this process, or a remote API."""

    @property
    def name(self) -> str:
        """The model as a user would name it."""

    @property
    def fingerprint(self) -> str:
        """Identify the weights and the adapter: sha256, or URL and model name of a remote API."""

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece until it ends or `stopped()` is true.

        Raises `Transient` or `Permanent` when the engine fails.
        """

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion, both in OpenAI's words.

        For clients that speak them: tools, JSON schemas, log-probabilities and whatever else the
        model's server understands are passed on. The last chunk carries the usage. Raises as
        `stream` does.
        """

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes (remote APIs: an estimate)."""

    def close(self) -> None:
        """Give back memory and threads; the engine cannot be used afterwards."""


@runtime_checkable
class CountsChats(Protocol):
    """An engine that knows how many tokens a request in OpenAI's words takes, its tools among them."""

    def count_chat(self, request: Mapping[str, Any]) -> int:
        """Return how many tokens the prompt of a chat completion takes."""


@runtime_checkable
class CompletesTexts(Protocol):
    """An engine that goes on with a prompt as it is, and knows its tokens."""

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a completion, both in OpenAI's words.

        The log-probabilities of a choice are those of a chat completion: `content`, a list of tokens.
        With `echo` the prompt comes first. Raises as `chat` does.
        """


@runtime_checkable
class KnowsTokens(Protocol):
    """An engine that tells the tokens of a text, and back."""

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text, without marks at its ends."""

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raises `ValueError` for an id that is none of the model's."""


def complete(engine: Engine, messages: Sequence[Message], *, sampling: Sampling | None = None) -> Completion:
    """Return the whole completion of `messages`."""
    text: list[str] = []
    usage, finish_reason = Usage(), "stop"
    for piece in engine.stream(messages, sampling=sampling or Sampling()):
        text.append(piece.text)
        usage = piece.usage or usage
        finish_reason = piece.finish_reason or finish_reason
    return Completion("".join(text), usage, finish_reason)
