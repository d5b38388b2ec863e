"""What a model says to messages as it is, as events: texts, and calls of functions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.models import PooledEngine, Stopped
from lorewright.workspace.answering.answer import answer_with_engine
from lorewright.workspace.openai.responses.context import ANSWER_TOKENS, fitting
from lorewright.workspace.openai.responses.output import Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.request import (
    LOGPROBS,
    ResponseRequest,
    format_of,
    function_choice,
    functions_of,
)
from lorewright.workspace.openai.responses.shape import usage_from
from lorewright.workspace.server.server import Server

_CUT_BY: Mapping[str, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}


def events_of_engine(
    server: Server, caller: Caller, pending: PendingResponse, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield what a model says as it is."""
    assert pending.served.engine is not None, "what is no flow is an engine"
    engine = PooledEngine(server.pool, pending.served.engine, who=caller.id)
    messages: Sequence[Mapping[str, Any]] = pending.messages
    if pending.request.truncation == "auto":
        n_free = pending.request.max_output_tokens or ANSWER_TOKENS
        room = server.workspace.settings.models.context_tokens - n_free
        messages = fitting(messages, engine.count_tokens, room=room)
    ended_by = ""
    wanted = {"messages": list(messages), **options_of(pending.request)}
    for chunk in answer_with_engine(server, caller, pending.answer, wanted, stopped=stopped):
        if chunk.get("usage"):
            output.usage = usage_from(chunk["usage"])
        for choice in chunk.get("choices") or ():
            ended_by = choice.get("finish_reason") or ended_by
            yield from _piece_events(choice, output)
    if stopped():
        return
    output.cut_by = _CUT_BY.get(ended_by, "")
    if not output.items:
        yield from output.say("")


def _piece_events(choice: Mapping[str, Any], output: Output) -> Iterator[Event]:
    """Yield the events of a piece of a choice."""
    delta = choice.get("delta") or {}
    if delta.get("content"):
        yield from output.say(delta["content"], logprobs=_logprobs(choice.get("logprobs")))
    for call in delta.get("tool_calls") or ():
        yield from output.call(call.get("index", 0), call)


def options_of(request: ResponseRequest) -> dict[str, Any]:
    """Return how the model is asked, in the words of a chat completion."""
    functions = functions_of(request)
    wanted = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "presence_penalty": request.presence_penalty,
        "frequency_penalty": request.frequency_penalty,
        "max_completion_tokens": request.max_output_tokens,
        "response_format": format_of(request),
        "logprobs": True if request.includes(LOGPROBS) or request.top_logprobs else None,
        "top_logprobs": request.top_logprobs,
        "tools": functions or None,
        "tool_choice": function_choice(request) if functions else None,
        "parallel_tool_calls": request.parallel_tool_calls if functions else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _logprobs(given: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the log-probabilities of a chunk as those of a part of an output."""
    return [
        _token(one) | {"top_logprobs": [_token(other) for other in one.get("top_logprobs") or ()]}
        for one in (given or {}).get("content") or ()
    ]


def _token(given: Mapping[str, Any]) -> dict[str, Any]:
    token = str(given["token"])
    return {"token": token, "bytes": given.get("bytes") or list(token.encode()), "logprob": given["logprob"]}
