"""Completions of the older kind: a prompt and what follows it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.models import Stopped, Usage, never, usage_in
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.answer import PendingAnswer, answer_with_engine, answer_with_flow
from lorewright.workspace.answering.served_models import ServedModel, find_served
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server


class CompletionRequest(RequestBody):
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


@dataclass(frozen=True, slots=True)
class PendingTexts:
    """A completion in the making: what was asked of which model, under which id."""

    request: CompletionRequest
    served: ServedModel
    id: str = field(default_factory=lambda: f"cmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def shown(self, **rest: Any) -> dict[str, Any]:
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
    """Return the completion to be made; raise `NotAllowed` or `NotFound` where it cannot be."""
    caller.need("chat")
    return PendingTexts(request, find_served(server, request.model, caller))


def whole_completion(
    server: Server, caller: Caller, pending: PendingTexts, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the whole completion."""
    caller.need("chat")
    texts: dict[int, str] = {}
    reasons: dict[int, str] = {}
    usage = Usage()
    for index, text, reason, used in prompt_pieces(server, caller, pending, stopped=stopped):
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
    return pending.shown(choices=choices, usage=counted)


def choice_of(index: int, text: str, reason: str | None) -> dict[str, Any]:
    """Return a piece of a completion, or the whole of one, as a choice."""
    return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}


def prompt_pieces(
    server: Server, caller: Caller, pending: PendingTexts, *, stopped: Stopped = never
) -> Iterator[tuple[int, str, str | None, Usage]]:
    """Yield index, text, why it ended, and tokens of every piece of every prompt's completion."""
    caller.need("chat")
    request = pending.request
    for index, prompt in enumerate([request.prompt] if isinstance(request.prompt, str) else request.prompt):
        if request.echo:
            yield index, prompt, None, Usage()
        answer = pending.answer(index, prompt)
        if pending.served.flow:
            said = answer_with_flow(server, caller, answer, seed=request.seed, stopped=stopped)
            yield index, said.text, "stop", said.usage
            continue
        wanted = {
            "messages": answer.messages, "max_tokens": request.max_tokens,
            "temperature": request.temperature, "seed": request.seed, "stop": request.stop or [],
        }  # fmt: skip
        for chunk in answer_with_engine(server, caller, answer, wanted, stopped=stopped):
            used = usage_in(chunk["usage"]) if chunk.get("usage") else Usage()
            choice: Mapping[str, Any] = next(iter(chunk.get("choices") or ()), {})
            text = (choice.get("delta") or {}).get("content") or ""
            yield index, text, choice.get("finish_reason"), used
