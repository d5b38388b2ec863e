"""`/v1/chat/completions`: base and tuned models as they are, arms and deployments with citations."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from lorewright.access import Key
from lorewright.api.caller import Caller, HomeOf
from lorewright.api.errors import BadParameter
from lorewright.api.streaming import event, finished, streamed
from lorewright.api.texts import conversation_from
from lorewright.flows import Answer, run
from lorewright.messages import Conversation
from lorewright.models import PooledEngine, Stopped
from lorewright.workspace.home import Home
from lorewright.workspace.served import Served, ServedParts, find_served

router = APIRouter(prefix="/v1", tags=["chat"])

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


@router.post("/chat/completions", response_model=None)
async def create_chat_completion(
    body: ChatRequest, request: Request, home: HomeOf, caller: Caller
) -> Response | dict[str, Any]:
    """Complete a conversation, whole or streamed."""
    caller.need("chat")
    made = _Made(body, find_served(home, body.model, caller))
    if body.stream:
        return await streamed(request, lambda stopped: _events(made, home, caller, stopped))
    completion: dict[str, Any] = await finished(
        request, lambda stopped: _whole(made, list(_chunks(made, home, caller, stopped)))
    )
    return completion


class _Made:
    """A completion in the making: what was asked of which model, under which id."""

    def __init__(self, body: ChatRequest, served: Served) -> None:
        self.id = f"chatcmpl-{uuid4().hex}"
        self.created = int(time.time())
        self.body = body
        self.served = served

    def shown(self, kind: str, **rest: Any) -> dict[str, Any]:
        """Return a completion, or a chunk of one."""
        return {
            "id": self.id, "object": kind, "created": self.created, "model": self.body.model, **rest,
        }  # fmt: skip


def _events(made: _Made, home: Home, caller: Key, stopped: Stopped) -> Iterator[str]:
    has_usage = bool((made.body.stream_options or {}).get("include_usage"))
    for chunk in _chunks(made, home, caller, stopped):
        if chunk.get("choices"):
            yield event(
                made.shown("chat.completion.chunk", **chunk, **({"usage": None} if has_usage else {}))
            )
        elif has_usage:
            yield event(made.shown("chat.completion.chunk", **chunk))
    yield "data: [DONE]\n\n"


def _chunks(made: _Made, home: Home, caller: Key, stopped: Stopped) -> Iterator[dict[str, Any]]:
    """Yield choices as they come, with their index; last of all the usage of all together."""
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    for index in range(made.body.n):
        make = _from_flow if made.served.flow else _from_engine
        for chunk in make(made, home, caller, index, stopped):
            for choice in chunk.get("choices", ()):
                yield {"choices": [{"logprobs": None, **choice, "index": index}]} | _extras(chunk)
            for name, count in (chunk.get("usage") or {}).items():
                if name in usage:
                    usage[name] += count
    yield {"choices": [], "usage": usage}


def _extras(chunk: Mapping[str, Any]) -> dict[str, Any]:
    return {"lorewright": chunk["lorewright"]} if "lorewright" in chunk else {}


def _from_engine(
    made: _Made, home: Home, caller: Key, index: int, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a model as it is."""
    assert made.served.engine is not None, "what is no flow is an engine"
    asked = {
        name: value for name, value in made.body.model_dump(exclude_none=True).items() if name in PASSED_ON
    }
    if made.body.n > 1:
        asked["seed"] = (made.body.seed or 0) + index
    engine = PooledEngine(home.pool, made.served.engine, who=caller.id)
    for chunk in engine.chat({**asked, "messages": made.body.messages}, stopped=stopped):
        yield {name: chunk[name] for name in ("choices", "usage") if chunk.get(name)}


def _from_flow(
    made: _Made, home: Home, caller: Key, index: int, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield a flow's answer: checked and cited, so that it comes in one piece."""
    assert made.served.flow is not None
    for name in ("tools", "response_format"):
        if getattr(made.body, name, None):
            raise BadParameter(name, f"{made.body.model} is a flow and takes no {name}.")
    conversation: Conversation = conversation_from(made.body.messages)
    parts = ServedParts(home, who=caller.id, engine=made.served.engine)
    answer = run(made.served.flow, conversation, parts, stopped=stopped, seed=(made.body.seed or 0) + index)
    delta = {"role": "assistant", "content": answer.text, "annotations": annotations(answer)}
    yield {
        "choices": [{"delta": delta, "finish_reason": None}],
        "lorewright": {"refused": answer.refused, "provenance": provenance(answer)},
    }
    yield {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": usage_of(answer)}


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """Return an answer's citations as annotations of its text."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": 0,
                "end_index": citation.position,
                "title": citation.document_id,
                "url": f"/lorewright/v1/documents/{citation.document_id}#{citation.start}-{citation.end}",
                "quote": citation.quote,
                "page": citation.page,
            },
        }
        for citation in answer.citations
    ]


def provenance(answer: Answer) -> dict[str, Any]:
    """Return what made an answer."""
    made_by = answer.provenance
    return {
        "model": made_by.model, "weights": made_by.weights, "adapter": made_by.adapter,
        "index_version": made_by.index_version, "prompt_hash": made_by.prompt_hash,
        "flow_hash": made_by.flow_hash, "seed": made_by.seed,
    }  # fmt: skip


def usage_of(answer: Answer) -> dict[str, int]:
    """Return the tokens an answer took."""
    prompt, completion = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return {
        "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion,
    }  # fmt: skip


def _whole(made: _Made, chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the completion that the chunks are pieces of."""
    choices: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for piece in chunk["choices"]:
            choice = choices.setdefault(piece["index"], _empty_choice(piece["index"]))
            _join(choice, piece)
    extras = next((_extras(chunk) for chunk in chunks if "lorewright" in chunk), {})
    return made.shown("chat.completion", choices=list(choices.values()), usage=chunks[-1]["usage"], **extras)


def _empty_choice(index: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": None, "refusal": None}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": "stop"}


def _join(choice: dict[str, Any], piece: Mapping[str, Any]) -> None:
    """Take one piece of a choice into it."""
    delta, message = piece.get("delta") or {}, choice["message"]
    if delta.get("content") is not None:
        message["content"] = (message["content"] or "") + delta["content"]
    if "annotations" in delta:
        message["annotations"] = delta["annotations"]
    for call in delta.get("tool_calls") or ():
        _join_call(message.setdefault("tool_calls", []), call)
    if piece.get("logprobs"):
        kept = choice["logprobs"] or {"content": [], "refusal": None}
        kept["content"] += piece["logprobs"].get("content") or []
        choice["logprobs"] = kept
    choice["finish_reason"] = piece.get("finish_reason") or choice["finish_reason"]


def _join_call(calls: list[dict[str, Any]], piece: Mapping[str, Any]) -> None:
    index = piece.get("index", 0)
    while len(calls) <= index:
        calls.append({"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
    call, function = calls[index], piece.get("function") or {}
    call["id"] = piece.get("id") or call["id"]
    call["function"]["name"] += function.get("name") or ""
    call["function"]["arguments"] += function.get("arguments") or ""
