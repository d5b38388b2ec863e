"""Models behind any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama-server."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import openai

from lorewright.errors import EngineError, Permanent, RequestRefused, Transient
from lorewright.messages import Message
from lorewright.models.completion_logprobs import tokens_of
from lorewright.models.engine import Piece, Sampling, Stopped, Usage, never

_CHARACTERS_PER_TOKEN = 4.0  # English text in OpenAI's vocabularies
_TOKENS_PER_MESSAGE = 4  # what a chat template puts around each
_WELL_SECONDS = 3.0
_CLIENTS_MISTAKES = frozenset({400, 409, 413, 415, 422})
# Not among the parameters of OpenAI, but of most servers that speak like it.
_NOT_OPENAIS = ("top_k", "min_p", "repetition_penalty", "ignore_eos")


class OpenAICompatible:
    """A model on another server.

    Without `base_url` the SDK's own (OPENAI_BASE_URL, or OpenAI's) is taken. Busy servers, lost
    connections and time-outs are tried `n_retries` times more before they raise `Transient`.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        api_key: str = "",
        timeout_seconds: float = 120.0,
        n_retries: int = 3,
    ) -> None:
        self.name = name
        self._client = openai.OpenAI(
            api_key=api_key or "none",  # servers of one's own often want no key, the SDK always does
            base_url=base_url or None,
            timeout=timeout_seconds,
            max_retries=n_retries,
        )
        self.fingerprint = f"{str(self._client.base_url).rstrip('/')}#{name}"

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece until it ends or `stopped()` is true.

        Raises `Transient` when the server cannot be reached or is busy, `RequestRefused` for a request
        that it does not take, and `Permanent` for any other failure.
        """
        try:
            with self._client.chat.completions.create(**self._request(messages, sampling)) as chunks:
                yield from _pieces(chunks, stopped)
        except openai.APIError as error:
            raise self._failed(error) from error

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion as the server sends them.

        Raises `Transient` when the server cannot be reached or is busy, `RequestRefused` for a request
        that it does not take, and `Permanent` for any other failure.
        """
        body = {**request, "model": self.name, "stream": True, "stream_options": {"include_usage": True}}
        more = {name: body.pop(name) for name in _NOT_OPENAIS if name in body}
        try:
            with self._client.chat.completions.create(**body, extra_body=more or None) as chunks:
                for chunk in chunks:
                    if stopped():
                        return
                    yield chunk.model_dump(mode="json", exclude_unset=True)
        except openai.APIError as error:
            raise self._failed(error) from error

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a completion as the server sends them, its log-probabilities as a chat's."""
        body = {**request, "model": self.name, "stream": True, "stream_options": {"include_usage": True}}
        more = {name: body.pop(name) for name in _NOT_OPENAIS if name in body}
        try:
            with self._client.completions.create(**body, extra_body=more or None) as chunks:
                for chunk in chunks:
                    if stopped():
                        return
                    made = chunk.model_dump(mode="json", exclude_unset=True)
                    for choice in made.get("choices") or ():
                        choice["logprobs"] = tokens_of(choice.get("logprobs"))
                    yield made
        except openai.APIError as error:
            raise self._failed(error) from error

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return about how many tokens the prompt takes: four characters a token."""
        n_characters = sum(len(message.content) for message in messages)
        return round(n_characters / _CHARACTERS_PER_TOKEN) + _TOKENS_PER_MESSAGE * len(messages)

    def is_well(self) -> bool:
        """Return whether the server lists its models at once: all do that speak this API and can answer."""
        try:
            self._client.with_options(timeout=_WELL_SECONDS, max_retries=0).models.list()
        except openai.NotFoundError:  # it answers, and has no such list
            return True
        except (openai.APIError, ValueError):
            return False
        return True

    def close(self) -> None:
        """Close the connections; the engine cannot be used afterwards."""
        self._client.close()

    def _request(self, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
        request: dict[str, Any] = {
            **{name: value for name, value in sampling.more.items() if name not in _NOT_OPENAIS},
            "model": self.name,
            "messages": [message.to_json() for message in messages],
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if sampling.stop:
            request["stop"] = list(sampling.stop)
        more = {name: sampling.more[name] for name in _NOT_OPENAIS if name in sampling.more}
        return {**request, "extra_body": more} if more else request

    def _failed(self, error: openai.APIError) -> EngineError:
        """Return what a failed request means to a user; the key is never part of it."""
        where = f"{self.name} at {self._client.base_url}"
        if isinstance(error, openai.APITimeoutError):
            return Transient(f"{where} did not answer in time.", hint="Try again, or use a smaller model.")
        if isinstance(error, openai.APIConnectionError):
            return Transient(
                f"{where} cannot be reached: {error.__cause__ or error}.", hint="Is the server running?"
            )
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return Permanent(
                f"{where} rejected the API key.",
                hint="Set the environment variable that models.api_key_env names to a valid key.",
            )
        if isinstance(error, openai.NotFoundError):
            return Permanent(
                f"{where} was not found: {_message_of(error)}",
                hint="Check the model's name and the URL in models.chat; it usually ends in /v1.",
            )
        if isinstance(error, openai.RateLimitError | openai.InternalServerError):
            return Transient(
                f"{where} is overloaded or failing: {_message_of(error)}", hint="Try again later."
            )
        refused = f"{where} rejected the request: {_message_of(error)}"
        if isinstance(error, openai.APIStatusError) and error.status_code in _CLIENTS_MISTAKES:
            return RequestRefused(refused, param=error.param, code=error.code)
        return Permanent(refused)


def _pieces(chunks: Any, stopped: Stopped) -> Iterator[Piece]:
    finish_reason, usage = "stop", Usage()
    for chunk in chunks:
        if stopped():
            return
        if chunk.usage:
            usage = _usage(chunk.usage)
        for choice in chunk.choices:
            finish_reason = choice.finish_reason or finish_reason
            if choice.delta.content:
                yield Piece(choice.delta.content)
    yield Piece("", usage, finish_reason)


def _usage(counted: Any) -> Usage:
    details = counted.prompt_tokens_details
    return Usage(
        prompt_tokens=counted.prompt_tokens,
        completion_tokens=counted.completion_tokens,
        cached_tokens=(details.cached_tokens or 0) if details else 0,
    )


def _message_of(error: openai.APIError) -> str:
    """Return what the server said, in one line."""
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(message or error.message).split())
