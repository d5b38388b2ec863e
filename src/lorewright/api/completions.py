"""`/v1/completions`: the older API, a prompt and its completion."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from lorewright.access import Key
from lorewright.api.caller import Caller, HomeOf
from lorewright.api.streaming import event, finished, streamed
from lorewright.flows import run
from lorewright.messages import Message
from lorewright.models import Engine, PooledEngine, Sampling, Stopped, Usage
from lorewright.workspace.home import Home
from lorewright.workspace.served import Served, ServedParts, find_served

router = APIRouter(prefix="/v1", tags=["completions"])


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


@router.post("/completions", response_model=None)
async def create_completion(
    body: CompletionRequest, request: Request, home: HomeOf, caller: Caller
) -> Response | dict[str, Any]:
    """Complete prompts, whole or streamed."""
    caller.need("chat")
    served = find_served(home, body.model, caller)
    shown = {
        "id": f"cmpl-{uuid4().hex}", "object": "text_completion", "created": int(time.time()),
        "model": body.model,
    }  # fmt: skip
    if body.stream:
        return await streamed(request, lambda stopped: _events(body, served, shown, home, caller, stopped))
    completion: dict[str, Any] = await finished(
        request, lambda stopped: _whole(body, served, shown, home, caller, stopped)
    )
    return completion


def _whole(
    body: CompletionRequest, served: Served, shown: dict[str, Any], home: Home, caller: Key, stopped: Stopped
) -> dict[str, Any]:
    texts: dict[int, str] = {}
    reasons: dict[int, str] = {}
    usage = Usage()
    for index, text, reason, used in _pieces(body, served, home, caller, stopped):
        texts[index] = texts.get(index, "") + text
        reasons[index] = reason or "stop"
        usage = Usage(
            usage.prompt_tokens + used.prompt_tokens, usage.completion_tokens + used.completion_tokens
        )
    choices = [_choice(index, text, reasons[index]) for index, text in texts.items()]
    total = usage.prompt_tokens + usage.completion_tokens
    counted = {
        "prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens,
        "total_tokens": total,
    }  # fmt: skip
    return {**shown, "choices": choices, "usage": counted}


def _events(
    body: CompletionRequest, served: Served, shown: dict[str, Any], home: Home, caller: Key, stopped: Stopped
) -> Iterator[str]:
    for index, text, reason, _ in _pieces(body, served, home, caller, stopped):
        yield event({**shown, "choices": [_choice(index, text, reason)]})
    yield "data: [DONE]\n\n"


def _choice(index: int, text: str, reason: str | None) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}


def _pieces(
    body: CompletionRequest, served: Served, home: Home, caller: Key, stopped: Stopped
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
            answer = run(
                served.flow, conversation, ServedParts(home, who=caller.id, engine=served.engine),
                stopped=stopped,
            )  # fmt: skip
            yield index, answer.text, "stop", answer.usage
            continue
        assert served.engine is not None, "what is no flow is an engine"
        engine: Engine = PooledEngine(home.pool, served.engine, who=caller.id)
        for piece in engine.stream(conversation, sampling=sampling, stopped=stopped):
            yield index, piece.text, piece.finish_reason, piece.usage or Usage()
