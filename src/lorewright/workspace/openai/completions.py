"""Completions of the older kind: a prompt and what follows it."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.models import PooledEngine, Stopped, Usage, never, usage_in, usage_json
from lorewright.models.completion_logprobs import side_by_side
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.answer import PendingAnswer, answer_with_flow
from lorewright.workspace.answering.answer_json import usage_of
from lorewright.workspace.answering.flow_options import PASSED_ON, flow_options
from lorewright.workspace.answering.served_models import ServedModel, find_served
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

_PASSED_ON = {
    "max_tokens", "temperature", "top_p", "logprobs", "presence_penalty", "frequency_penalty", "logit_bias",
    "stop", "echo",
}  # fmt: skip


class CompletionRequest(RequestBody):
    """A request for completions of one or several prompts, texts or tokens, each gone on with as it is."""

    model_config = ConfigDict(extra="allow")

    model: str
    prompt: str | list[str] | list[int] | list[list[int]]
    max_tokens: int = Field(default=16, ge=0)
    temperature: float = Field(default=1.0, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    n: int = Field(default=1, ge=1, le=8)
    best_of: int | None = Field(default=None, ge=1, le=20)
    logprobs: int | None = Field(default=None, ge=0, le=5)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    logit_bias: dict[str, float] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    suffix: str | None = None
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    echo: bool = False


@dataclass(frozen=True, slots=True)
class PendingTexts:
    """A completion in the making: what was asked of which model, under which id."""

    request: CompletionRequest
    served: ServedModel
    id: str = field(default_factory=lambda: f"cmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def as_json(self, **rest: Any) -> dict[str, Any]:
        """Return a completion, or a chunk of one."""
        return {
            "id": self.id, "object": "text_completion", "created": self.created,
            "model": self.request.model, **rest,
        }  # fmt: skip

    def answer(self, index: int, prompt: str) -> PendingAnswer:
        """Return the answer that follows a prompt; that of the first one is kept."""
        messages = [{"role": "user", "content": prompt}]
        return PendingAnswer(id=self.id, served=self.served, messages=messages, is_kept=index == 0)


def complete_prompts(
    server: Server, caller: Caller, body: Mapping[str, Any], *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the completion that a request in OpenAI's words asks for."""
    pending = begin_completion(server, caller, read_request(CompletionRequest, body))
    return whole_completion(server, caller, pending, stopped=stopped)


def begin_completion(server: Server, caller: Caller, request: CompletionRequest) -> PendingTexts:
    """Return the completion to be made; raise what tells why it cannot be."""
    caller.need("chat")
    if request.suffix:
        raise BadParameter("suffix", "suffix is not supported. Omit it.")
    if request.best_of not in (None, request.n):
        raise BadParameter("best_of", "best_of must be equal to n. Omit it.")
    served = find_served(server, request.model, caller)
    if served.flow is not None and request.logprobs is not None:
        raise BadParameter("logprobs", f"{request.model} is a flow and does not support logprobs.")
    return PendingTexts(request, served)


def whole_completion(
    server: Server, caller: Caller, pending: PendingTexts, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the whole completion."""
    caller.need("chat")
    choices: dict[int, dict[str, Any]] = {}
    usage: dict[str, int] = {}
    for piece in completion_pieces(server, caller, pending, stopped=stopped):
        usage = piece.get("usage") or usage
        for one in piece["choices"]:
            whole = choices.setdefault(one["index"], {**one, "text": "", "logprobs": None})
            whole["text"] += one["text"]
            whole["finish_reason"] = one["finish_reason"] or whole["finish_reason"]
            if one["logprobs"]:
                kept = whole["logprobs"] or {}
                whole["logprobs"] = {
                    name: [*kept.get(name, []), *more] for name, more in one["logprobs"].items()
                }
    return pending.as_json(choices=list(choices.values()), usage=usage)


def completion_pieces(
    server: Server, caller: Caller, pending: PendingTexts, *, stopped: Stopped = never
) -> Iterator[dict[str, Any]]:
    """Yield the choices of every prompt's completions piece by piece, and last the usage of them all."""
    caller.need("chat")
    request, usage = pending.request, Usage()
    for place, prompt in enumerate(_prompts(request.prompt)):
        for number in range(request.n):
            index = place * request.n + number
            make = _from_flow if pending.served.flow else _from_engine
            n_told = 0
            for chunk in make(server, caller, pending, prompt, index, number, stopped):
                if chunk.get("usage"):
                    usage += usage_in(chunk["usage"])
                for choice in chunk.get("choices") or ():
                    yield {"choices": [_choice(choice, index, request.logprobs, n_told)]}
                    n_told += len(choice.get("text") or "")
    yield {"choices": [], "usage": usage_json(usage)}


def _prompts(given: str | Sequence[Any]) -> Sequence[str | list[int]]:
    """Return the prompts of a request: one text or one list of tokens is one prompt."""
    if isinstance(given, str) or (given and isinstance(given[0], int)):
        return [given if isinstance(given, str) else list(given)]
    return given


def _choice(choice: Mapping[str, Any], index: int, n_top: int | None, n_told: int) -> dict[str, Any]:
    tokens = (choice.get("logprobs") or {}).get("content") or ()
    is_wanted = n_top is not None and tokens
    return {
        "index": index,
        "text": choice.get("text") or "",
        "logprobs": side_by_side(tokens, n_top=n_top or 0, offset=n_told) if is_wanted else None,
        "finish_reason": choice.get("finish_reason"),
    }


def _from_engine(
    server: Server, caller: Caller, pending: PendingTexts, prompt: str | list[int], index: int, number: int,
    stopped: Stopped,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield what a model goes on with; the first text is kept."""
    assert pending.served.engine is not None, "what is no flow is an engine"
    request = pending.request
    params = request.model_dump(
        exclude_none=True, include=_PASSED_ON | set(request.model_extra or {}) & PASSED_ON
    )
    params |= {"prompt": prompt, "seed": request.seed + number if request.seed is not None else None}
    engine = PooledEngine(server.pool, pending.served.engine, who=caller.id)
    started, text = time.perf_counter(), ""
    wanted = {name: value for name, value in params.items() if value is not None}
    for chunk in engine.complete(wanted, stopped=stopped):
        text += "".join(choice.get("text") or "" for choice in chunk.get("choices") or ())
        yield chunk
    if index == 0 and not stopped():
        answer = pending.answer(index, prompt if isinstance(prompt, str) else "")
        answer.keep(server, caller, text, latency_ms=(time.perf_counter() - started) * 1000)


def _from_flow(
    server: Server, caller: Caller, pending: PendingTexts, prompt: str | list[int], index: int, number: int,
    stopped: Stopped,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield what a flow answers to a prompt as a user's turn."""
    if not isinstance(prompt, str):
        raise BadParameter("prompt", f"{pending.request.model} is a flow: its prompt must be a string.")
    request, answer = pending.request, pending.answer(index, prompt)
    params = request.model_dump(exclude_none=True, include=set(_PASSED_ON) - {"logprobs", "echo"})
    options = flow_options(params, answer.messages, model=request.model)
    if request.echo:
        yield {"choices": [{"text": prompt}]}
    reply = answer_with_flow(
        server, caller, answer, seed=(request.seed or 0) + number, options=options, stopped=stopped
    )
    yield {"choices": [{"text": reply.text, "finish_reason": reply.finish_reason}], "usage": usage_of(reply)}
