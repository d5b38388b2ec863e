"""Chat completions: base and tuned models as they are, arms and deployments with citations."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from lorewright.access import Key
from lorewright.errors import BadParameter
from lorewright.flows import Answer
from lorewright.messages import Conversation
from lorewright.models import PooledEngine, Stopped, never
from lorewright.workspace.answered import annotations, provenance, usage_of
from lorewright.workspace.answers import keep_answer
from lorewright.workspace.chat_store import store_chat
from lorewright.workspace.chat_whole import extras_of, joined
from lorewright.workspace.cited_pages import on_their_pages
from lorewright.workspace.home import Home
from lorewright.workspace.metadata import checked_metadata
from lorewright.workspace.requests import read_request
from lorewright.workspace.served import Served, find_served, parts_of
from lorewright.workspace.shadow import answer_in_shadow
from lorewright.workspace.texts import conversation_from, who_asks
from lorewright.workspace.tracing import chatted, run

# What is passed on to the model as it came; llama.cpp and OpenAI-compatible servers know these.
PASSED_ON = frozenset({
    "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens",
    "parallel_tool_calls", "presence_penalty", "response_format", "seed", "stop", "temperature",
    "tool_choice", "tools", "top_logprobs", "top_p",
})  # fmt: skip


class ChatRequest(BaseModel):
    """A request for a chat completion; parameters not named here are passed on or ignored as documented."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[dict[str, Any]] = Field(min_length=1)
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    n: int = Field(default=1, ge=1, le=8)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    seed: int | None = None
    store: bool | None = None
    metadata: dict[str, Any] | None = None
    user: str | None = None


class Chat:
    """A completion in the making: what was asked of which model, under which id.

    Its first choice is kept as an answer, unless `is_kept` is false.
    """

    def __init__(self, request: ChatRequest, served: Served, *, is_kept: bool = True) -> None:
        self.is_kept = is_kept
        self.id = f"chatcmpl-{uuid4().hex}"
        self.created = int(time.time())
        self.request = request
        self.served = served

    def shown(self, kind: str, **rest: Any) -> dict[str, Any]:
        """Return a completion, or a chunk of one."""
        return {
            "id": self.id, "object": kind, "created": self.created, "model": self.request.model, **rest,
        }  # fmt: skip


def begin_chat(home: Home, caller: Key, request: ChatRequest, *, is_kept: bool = True) -> Chat:
    """Return the completion to be made; raise `NotAllowed` or `NotFound` where it cannot be."""
    caller.need("chat")
    checked_metadata(request.metadata)
    who = who_asks(caller.id, request.user, request.messages)
    return Chat(request, find_served(home, request.model, caller, who=who), is_kept=is_kept)


def chat(
    home: Home, caller: Key, body: Mapping[str, Any], *, stopped: Stopped = never, is_kept: bool = True
) -> dict[str, Any]:
    """Return the chat completion that a request in OpenAI's words asks for."""
    made = begin_chat(home, caller, read_request(ChatRequest, body), is_kept=is_kept)
    return finish_chat(home, caller, made, stopped=stopped)


def finish_chat(home: Home, caller: Key, made: Chat, *, stopped: Stopped = never) -> dict[str, Any]:
    """Return the whole completion."""
    return made.shown("chat.completion", **joined(list(chat_chunks(home, caller, made, stopped=stopped))))


def chat_chunks(home: Home, caller: Key, made: Chat, *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
    """Yield choices as they come, with their index; last of all the usage of all together.

    A completion that is to be stored is stored before its end is told.
    """
    chunks: list[dict[str, Any]] = []
    for chunk in _chunks(home, caller, made, stopped):
        chunks.append(chunk)
        if made.request.store and not chunk["choices"] and not stopped():
            store_chat(home, caller, made.shown("chat.completion", **joined(chunks)), _asked(made.request))
        yield chunk


def _asked(request: ChatRequest) -> dict[str, Any]:
    """Return what was asked, to be stored with what was said."""
    return request.model_dump(exclude={"store", "stream", "stream_options"}, exclude_none=True)


def _chunks(home: Home, caller: Key, made: Chat, stopped: Stopped) -> Iterator[dict[str, Any]]:
    """Yield choices as they come, with their index; last of all the usage of all together."""
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    for index in range(made.request.n):
        make = _from_flow if made.served.flow else _from_engine
        for chunk in make(made, home, caller, index, stopped):
            for choice in chunk.get("choices", ()):
                yield {"choices": [{"logprobs": None, **choice, "index": index}]} | extras_of(chunk)
            for name, count in (chunk.get("usage") or {}).items():
                if name in usage:
                    usage[name] += count
    yield {"choices": [], "usage": usage}


def _from_engine(
    made: Chat, home: Home, caller: Key, index: int, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a model as it is."""
    assert made.served.engine is not None, "what is no flow is an engine"
    asked = {
        name: value for name, value in made.request.model_dump(exclude_none=True).items() if name in PASSED_ON
    }
    if made.request.n > 1:
        asked["seed"] = (made.request.seed or 0) + index
    engine = PooledEngine(home.pool, made.served.engine, who=caller.id)
    begun, said = time.perf_counter(), ""
    chunks = engine.chat({**asked, "messages": made.request.messages}, stopped=stopped)
    for chunk in chatted(made.served.id, chunks):
        yield {name: chunk[name] for name in ("choices", "usage") if chunk.get(name)}
        said += "".join(choice["delta"].get("content") or "" for choice in chunk.get("choices", ()))
    if index == 0 and not stopped():
        keep_said(made, home, caller, said, latency_ms=(time.perf_counter() - begun) * 1000)


def _from_flow(made: Chat, home: Home, caller: Key, index: int, stopped: Stopped) -> Iterator[dict[str, Any]]:
    """Yield a flow's answer: checked and cited, so that it comes in one piece."""
    answer = flow_answer(made, home, caller, index=index, stopped=stopped)
    delta = {"role": "assistant", "content": answer.text, "annotations": annotations(answer)}
    yield {
        "choices": [{"delta": delta, "finish_reason": None}],
        "lorewright": {"refused": answer.refused, "provenance": provenance(answer)},
    }
    yield {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage_of(answer)}


def flow_answer(made: Chat, home: Home, caller: Key, *, index: int = 0, stopped: Stopped = never) -> Answer:
    """Return what the flow behind the model's name answers; the first choice is kept.

    Raises `BadParameter` for tools and forms of the text: a flow has its own.
    """
    assert made.served.flow is not None
    for name in ("tools", "response_format"):
        if getattr(made.request, name, None):
            raise BadParameter(name, f"{made.request.model} is a flow and takes no {name}.")
    conversation: Conversation = conversation_from(made.request.messages)
    parts = parts_of(home, made.served, who=caller.id)
    seed = (made.request.seed or 0) + index
    answer = run(made.served.flow, conversation, parts, stopped=stopped, seed=seed)
    answer = on_their_pages(home, answer)
    if index == 0 and not stopped():
        keep_said(made, home, caller, answer, latency_ms=answer.latency_ms)
        if made.is_kept:
            answer_in_shadow(home, made.id, made.served, conversation, seed)
    return answer


def keep_said(made: Chat, home: Home, caller: Key, answer: Answer | str, *, latency_ms: float) -> None:
    """Keep the first choice, so that its caller may say later what they think of it."""
    if made.is_kept:
        keep_answer(
            home, caller, made.id, made.served, made.request.messages, answer,
            latency_ms=latency_ms, is_stored=made.request.store is not False,
        )  # fmt: skip
