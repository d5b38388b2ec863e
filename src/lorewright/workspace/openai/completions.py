"""Completions of the older kind: a prompt and what follows it."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from lorewright.access import Caller
from lorewright.messages import Message
from lorewright.models import Engine, PooledEngine, Sampling, Stopped, Usage, never
from lorewright.workspace.answering.served_models import ServedModel, find_served, parts_of
from lorewright.workspace.answering.tracing import run
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server


class CompletionRequest(BaseModel):
    """A request for completions of one or several prompts; each is asked as a user's turn."""

    model_config = ConfigDict(extra="ignore")

    model: str
    prompt: str | list[str]
    max_tokens: int = Field(default=256, ge=1)
    temperature: float = Field(default=0.0, ge=0, le=2)
    seed: int = 0
    stop: str | list[str] | None = None
    stream: bool = False
    echo: bool = False


def complete_prompts(
    server: Server, caller: Caller, body: Mapping[str, Any], *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the completion that a request in OpenAI's words asks for."""
    request = read_request(CompletionRequest, body)
    served = find_model(server, caller, request)
    return whole_completion(server, caller, request, served, stopped=stopped)


def find_model(server: Server, caller: Caller, request: CompletionRequest) -> ServedModel:
    """Return the model that is asked; raise `NotAllowed` or `NotFound`."""
    caller.need("chat")
    return find_served(server, request.model, caller)


def head_of(request: CompletionRequest) -> dict[str, Any]:
    """Return what every piece of a new completion begins with."""
    return {
        "id": f"cmpl-{uuid4().hex}", "object": "text_completion", "created": int(time.time()),
        "model": request.model,
    }  # fmt: skip


def whole_completion(
    server: Server, caller: Caller, body: CompletionRequest, served: ServedModel, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the whole completion."""
    texts: dict[int, str] = {}
    reasons: dict[int, str] = {}
    usage = Usage()
    for index, text, reason, used in prompt_pieces(server, caller, body, served, stopped=stopped):
        texts[index] = texts.get(index, "") + text
        reasons[index] = reason or "stop"
        usage = Usage(
            usage.prompt_tokens + used.prompt_tokens, usage.completion_tokens + used.completion_tokens
        )
    choices = [choice_of(index, text, reasons[index]) for index, text in texts.items()]
    total = usage.prompt_tokens + usage.completion_tokens
    counted = {
        "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens,
        "total_tokens": total,
    }  # fmt: skip
    return {**head_of(body), "choices": choices, "usage": counted}


def choice_of(index: int, text: str, reason: str | None) -> dict[str, Any]:
    """Return a piece of a completion, or the whole of one, as a choice."""
    return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}


def prompt_pieces(
    server: Server, caller: Caller, body: CompletionRequest, served: ServedModel, *, stopped: Stopped = never
) -> Iterator[tuple[int, str, str | None, Usage]]:
    """Yield index, text, why it ended, and tokens of every piece of every prompt's completion."""
    prompts = [body.prompt] if isinstance(body.prompt, str) else body.prompt
    stop = (body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ())
    sampling = Sampling(max_tokens=body.max_tokens, temperature=body.temperature, seed=body.seed, stop=stop)
    for index, prompt in enumerate(prompts):
        if body.echo:
            yield index, prompt, None, Usage()
        conversation = (Message("user", prompt),)
        if served.flow:
            answer = run(served.flow, conversation, parts_of(server, served, who=caller.id), stopped=stopped)
            yield index, answer.text, "stop", answer.usage
            continue
        assert served.engine is not None, "what is no flow is an engine"
        engine: Engine = PooledEngine(server.pool, served.engine, who=caller.id)
        for piece in engine.stream(conversation, sampling=sampling, stopped=stopped):
            yield index, piece.text, piece.finish_reason, piece.usage or Usage()
