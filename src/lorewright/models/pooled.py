"""An engine of a pool, as those who ask it see it."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lorewright.errors import Cancelled, RequestRefused
from lorewright.messages import Message
from lorewright.models.engine import (
    CompletesTexts,
    CountsChats,
    Engine,
    KnowsTokens,
    Piece,
    Sampling,
    Stopped,
    Usage,
    never,
)
from lorewright.models.engine_key import EngineKey
from lorewright.models.metering import Call
from lorewright.models.pool import EnginePool


class PooledEngine:
    """An engine of a pool: it waits for its turn whenever it is asked for something."""

    def __init__(self, pool: EnginePool, key: EngineKey, *, who: str = "") -> None:
        self._pool = pool
        self._key = key
        self._who = who
        self._facts: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The model as a user would name it."""
        return self._known()[0]

    @property
    def fingerprint(self) -> str:
        """Identify the weights and the adapter."""
        return self._known()[1]

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield the completion piece by piece; when stopped while waiting, nothing."""
        with self._metered(stopped) as (engine, call):
            n_pieces = 0
            try:
                for piece in engine.stream(messages, sampling=sampling, stopped=stopped) if engine else ():
                    n_pieces += 1
                    call.usage = piece.usage or call.usage
                    yield piece
            finally:
                if engine and n_pieces and not call.usage.prompt_tokens:  # cut short: nobody counted
                    call.usage = Usage(engine.count_tokens(messages), n_pieces)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a chat completion; when stopped while waiting, none."""
        with self._metered(stopped) as (engine, call):
            n_pieces = 0
            try:
                for chunk in engine.chat(request, stopped=stopped) if engine else ():
                    n_pieces += bool(chunk.get("choices"))
                    if chunk.get("usage"):
                        call.usage = usage_in(chunk["usage"])
                    yield chunk
            finally:
                if engine and n_pieces and not call.usage.prompt_tokens:  # cut short: nobody counted
                    call.usage = Usage(engine.count_tokens(_texts(request["messages"])), n_pieces)

    def complete(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a completion; raise `RequestRefused` where the engine makes chats only."""
        with self._metered(stopped) as (engine, call):
            if engine is None:
                return
            if not isinstance(engine, CompletesTexts):
                raise RequestRefused(
                    f"{engine.name} does not support text completion; use it in a chat.", param="model"
                )
            n_pieces = 0
            try:
                for chunk in engine.complete(request, stopped=stopped):
                    n_pieces += bool(chunk.get("choices"))
                    if chunk.get("usage"):
                        call.usage = usage_in(chunk["usage"])
                    yield chunk
            finally:
                if n_pieces and not call.usage.prompt_tokens:  # cut short: nobody counted
                    call.usage = Usage(0, n_pieces)

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text; raise `RequestRefused` where nobody here knows them."""
        with self._knowing_tokens() as engine:
            return engine.tokens(text)

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raise `RequestRefused` where nobody here knows them."""
        with self._knowing_tokens() as engine:
            return engine.text_of(tokens)

    @contextmanager
    def _knowing_tokens(self) -> Iterator[KnowsTokens]:
        with self._pool.lease(self._key, who=self._who) as engine:
            if not isinstance(engine, KnowsTokens):
                raise RequestRefused(
                    f"{engine.name} runs on another server, which provides no tokenizer.", param="model"
                )
            yield engine

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt made of `messages` takes."""
        with self._pool.lease(self._key, who=self._who) as engine:
            return engine.count_tokens(messages)

    def count_chat(self, request: Mapping[str, Any]) -> int:
        """Return how many tokens the prompt of a chat completion takes; its tools count as their JSON."""
        with self._pool.lease(self._key, who=self._who) as engine:
            if isinstance(engine, CountsChats):
                return engine.count_chat(request)
            tools = [Message("user", json.dumps(request["tools"]))] if request.get("tools") else []
            return engine.count_tokens([*tools, *_texts(request["messages"])])

    def close(self) -> None:
        """Leave the engine to the pool."""

    @contextmanager
    def _metered(self, stopped: Stopped) -> Iterator[tuple[Engine | None, Call]]:
        """Wait for the engine, `None` when stopped while waiting; tell the meter when the call is over."""
        self._pool.meter.admit(self._who)
        call = Call(self._who, self._key)
        begun = 0.0
        try:
            with self._pool.lease(self._key, who=self._who, stopped=stopped) as engine:
                begun = time.perf_counter()
                yield engine, call
        except Cancelled:
            if not begun:
                yield None, call
        finally:
            if begun:
                call.seconds = time.perf_counter() - begun
                self._pool.meter.note(call)

    def _known(self) -> tuple[str, str]:
        if self._facts is None:
            with self._pool.lease(self._key, who=self._who) as engine:
                self._facts = (engine.name, engine.fingerprint)
        return self._facts


def usage_in(usage: Mapping[str, Any]) -> Usage:
    """Return the tokens that a chunk in OpenAI's words says were taken."""
    details = usage.get("prompt_tokens_details") or {}
    return Usage(
        int(usage.get("prompt_tokens") or 0),
        int(usage.get("completion_tokens") or 0),
        int(details.get("cached_tokens") or 0),
    )


def usage_json(usage: Usage) -> dict[str, Any]:
    """Return the tokens taken in OpenAI's words."""
    prompt, completion = usage.prompt_tokens, usage.completion_tokens
    return {
        "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }  # fmt: skip


def _texts(messages: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Return messages in OpenAI's words with their texts alone."""
    texts = []
    for message in messages:
        content = message.get("content") or ""
        parts = content if isinstance(content, list) else [{"text": content}]
        text = "".join(str(part.get("text") or "") for part in parts if isinstance(part, Mapping))
        texts.append(Message("assistant" if message.get("role") == "assistant" else "user", text))
    return texts
