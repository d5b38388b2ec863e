"""Messages in the words of Anthropic's API: any model that is served, flows with their citations."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.flows import Answer
from lorewright.models import PooledEngine, Stopped, never
from lorewright.workspace.answering.answer import answer_with_engine
from lorewright.workspace.answering.answer_json import provenance, refusal_json
from lorewright.workspace.answering.answer_stream import rest_of
from lorewright.workspace.anthropic.output import Blocks, Event, cited_blocks, joined
from lorewright.workspace.anthropic.request import CountRequest, MessageRequest, chat_request
from lorewright.workspace.anthropic.stop_sequences import StopSequences
from lorewright.workspace.openai.chat_completions import (
    PendingCompletion,
    begin_chat,
    flow_pieces,
    passed_on,
)
from lorewright.workspace.server.requests import params_named, read_request
from lorewright.workspace.server.server import Server

_REASONS: Mapping[str, str] = {
    "stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal",
}  # fmt: skip

_NAMES = {
    r"response_format\.json_schema\.schema": "output_config.format.schema",
    r"tools\[(\d+)\]\.function\.parameters": r"tools.\1.input_schema",
    r"tools\[(\d+)\]": r"tools.\1",
}
"""The names of parameters of a chat completion, and what they are called in a message."""


def begin_message(server: Server, caller: Caller, request: MessageRequest) -> PendingCompletion:
    """Return the message to be made; raise `NotAllowed`, `NotFound` or `BadParameter` where it cannot be."""
    with params_named(_NAMES):
        pending = begin_chat(server, caller, chat_request(request))
    pending.id = f"msg_{uuid4().hex}"
    if pending.served.flow is not None:
        if request.stop_sequences:
            params = {**pending.options.params, "stop": request.stop_sequences}
            pending.options = replace(pending.options, params=params)
        if pending.request.messages[-1]["role"] not in ("user", "tool"):
            raise BadParameter(
                "messages", f"{request.model} is a flow: the last message must be from the user."
            )
    return pending


def answer_message(
    server: Server, caller: Caller, body: Mapping[str, Any], *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the message that a request in Anthropic's words asks for."""
    request = read_request(MessageRequest, body)
    made = begin_message(server, caller, request)
    return whole_message(server, caller, request, made, stopped=stopped)


def whole_message(
    server: Server,
    caller: Caller,
    request: MessageRequest,
    pending: PendingCompletion,
    *,
    stopped: Stopped = never,
) -> dict[str, Any]:
    """Return the whole message."""
    return joined(message_events(server, caller, request, pending, stopped=stopped))


def message_events(
    server: Server,
    caller: Caller,
    request: MessageRequest,
    pending: PendingCompletion,
    *,
    stopped: Stopped = never,
) -> Iterator[Event]:
    """Yield the events of the message."""
    caller.need("chat")
    make = _from_flow if pending.served.flow else _from_engine
    with params_named(_NAMES):
        yield from make(server, caller, request, pending, stopped)
    yield {"type": "message_stop"}


def count_message(server: Server, caller: Caller, request: CountRequest) -> int:
    """Return how many tokens the prompt of a message takes; for a flow, without what it finds."""
    chat = chat_request(request)
    pending = begin_chat(server, caller, chat)
    return _engine(server, caller, pending).count_chat(passed_on(chat))


def _from_flow(
    server: Server, caller: Caller, _request: MessageRequest, pending: PendingCompletion, stopped: Stopped
) -> Iterator[Event]:
    """Yield a flow's answer: where it streams, each sentence as soon as its checks let it through."""
    yield _start(pending, 0)  # what the documents take is counted at the end
    yield {"type": "ping"}
    blocks, sent = Blocks(), ""
    for piece in flow_pieces(pending, server, caller, stopped=stopped):
        if isinstance(piece, str):
            sent += piece
            yield from blocks.text(piece)
            continue
        yield from _last_blocks(piece, sent, blocks)
        is_withheld = rest_of(piece, sent) is None or (piece.refused and pending.options.is_structured)
        why = "refusal" if is_withheld else _REASONS[piece.finish_reason]
        usage = _usage(piece.usage.prompt_tokens, piece.usage.completion_tokens)
        extras = {**refusal_json(piece), "provenance": provenance(piece)}
        yield {**_end(why, usage), "lorewright": extras}


def _last_blocks(answer: Answer, sent: str, blocks: Blocks) -> Iterator[Event]:
    """Yield what is still to be told of an answer; a refusal stands in a block of its own."""
    rest = rest_of(answer, sent)
    if rest is None or not sent:
        for text, citations in cited_blocks(answer) if answer.text else ():
            yield from blocks.cited(text, citations)
    else:
        yield from blocks.text(rest)
        yield from blocks.cite(citation for _, citations in cited_blocks(answer) for citation in citations)
    for index, call in enumerate(answer.calls):
        yield from blocks.call({"index": index, **call})
    yield from blocks.close()


def _from_engine(
    server: Server, caller: Caller, request: MessageRequest, pending: PendingCompletion, stopped: Stopped
) -> Iterator[Event]:
    engine, chat = _engine(server, caller, pending), pending.request
    # Counted before: a stream begins with it, and the model is busy once it answers.
    n_prompt = engine.count_chat(passed_on(chat))
    yield _start(pending, n_prompt)
    yield {"type": "ping"}
    blocks, stops, usage = Blocks(), StopSequences(request.stop_sequences), _usage(n_prompt, 0)
    reason = "stop"
    chunks = answer_with_engine(
        server, caller, pending.answer(), passed_on(chat), stopped=stopped,
        ended=lambda: bool(stops.met), kept_text=stops.within,
    )  # fmt: skip
    for chunk in chunks:
        for choice in chunk.get("choices", ()):
            delta = choice.get("delta") or {}
            yield from blocks.text(stops.passed(delta.get("content") or ""))
            for call in delta.get("tool_calls") or ():
                yield from blocks.call(call)
            reason = choice.get("finish_reason") or reason
            usage["output_tokens"] += bool(delta)
        if chunk.get("usage"):
            usage = _usage(chunk["usage"]["prompt_tokens"], chunk["usage"]["completion_tokens"])
    if rest := stops.rest():
        yield from blocks.text(rest)
    yield from blocks.close()
    is_calling = blocks.n_calls and reason == "stop"
    why = "stop_sequence" if stops.met else "tool_use" if is_calling else _REASONS.get(reason, "end_turn")
    yield _end(why, usage, stops.met)


def _engine(server: Server, caller: Caller, pending: PendingCompletion) -> PooledEngine:
    """Return the model that answers; for a flow the domain's own."""
    return PooledEngine(server.pool, pending.served.engine or server.engine_key(), who=caller.id)


def _start(pending: PendingCompletion, n_prompt: int) -> Event:
    message: Event = {
        "id": pending.id, "type": "message", "role": "assistant", "model": pending.request.model,
        "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": _usage(n_prompt, 0),
    }  # fmt: skip
    return {"type": "message_start", "message": message}


def _end(why: str, usage: Mapping[str, int], met: str = "") -> Event:
    delta = {"stop_reason": why, "stop_sequence": met or None}
    return {"type": "message_delta", "delta": delta, "usage": dict(usage)}


def _usage(n_prompt: int, n_said: int) -> dict[str, int]:
    return {
        "input_tokens": n_prompt, "output_tokens": n_said, "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
    }  # fmt: skip
