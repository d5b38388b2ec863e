"""Chat completions: base and tuned models as they are, arms and deployments with citations."""

import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import uuid4

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.flows import Answer, AnswerOptions
from lorewright.models import Stopped, Usage, never, usage_in, usage_json
from lorewright.models.chat_request import check_chat
from lorewright.request_body import RequestBody
from lorewright.workspace.answering.answer import PendingAnswer, answer_with_engine, answer_with_flow
from lorewright.workspace.answering.answer_json import (
    annotations,
    label_probabilities,
    provenance,
    refusal_json,
    usage_of,
)
from lorewright.workspace.answering.answer_stream import Tell, as_written, rest_of
from lorewright.workspace.answering.flow_options import (
    PASSED_ON,
    flow_options,
    flow_with_functions,
    spoken,
)
from lorewright.workspace.answering.messages import conversation_key
from lorewright.workspace.answering.served_models import ServedModel, find_served
from lorewright.workspace.openai.joined_chunks import extras_of, join_chunks
from lorewright.workspace.openai.stored_completions import store_chat
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server


class ChatRequest(RequestBody):
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


class PendingCompletion:
    """A completion in the making: what was asked of which model, under which id.

    Its first choice is kept as an answer, unless `is_kept` is false.
    """

    def __init__(self, request: ChatRequest, served: ServedModel, *, is_kept: bool = True) -> None:
        self.is_kept = is_kept
        self.id = f"chatcmpl-{uuid4().hex}"
        self.created = int(time.time())
        self.request = request
        self.served = served
        self.options = AnswerOptions()
        """How a flow's answer is to be written."""
        self.sources: frozenset[str] | None = frozenset()
        """The documents that the answers so far were made of, `None` where they are not all known."""

    def answer(self, index: int = 0) -> PendingAnswer:
        """Return the answer that a choice is; the first one is kept."""
        return PendingAnswer(
            id=self.id,
            served=self.served,
            messages=self.request.messages,
            is_kept=self.is_kept and index == 0,
            is_stored=self.request.store is not False,
            on_sources=self._add_sources,
        )

    def _add_sources(self, documents: Collection[str] | None) -> None:
        is_known = documents is not None and self.sources is not None
        self.sources = frozenset({*(self.sources or ()), *(documents or ())}) if is_known else None

    def as_json(self, kind: str, **rest: Any) -> dict[str, Any]:
        """Return a completion, or a chunk of one."""
        return {
            "id": self.id, "object": kind, "created": self.created, "model": self.request.model, **rest,
        }  # fmt: skip


def begin_chat(
    server: Server, caller: Caller, request: ChatRequest, *, is_kept: bool = True
) -> PendingCompletion:
    """Return the completion to be made; raise what tells why it cannot be."""
    caller.need("chat")
    checked_metadata(request.metadata)
    who = conversation_key(caller.id, request.user, request.messages)
    pending = PendingCompletion(request, find_served(server, request.model, caller, who=who), is_kept=is_kept)
    check_chat(passed_on(request))
    if pending.served.flow is not None:
        pending.options = flow_options(passed_on(request), request.messages, model=request.model)
    return pending


def chat(
    server: Server, caller: Caller, body: Mapping[str, Any], *, stopped: Stopped = never, is_kept: bool = True
) -> dict[str, Any]:
    """Return the chat completion that a request in OpenAI's words asks for."""
    pending = begin_chat(server, caller, read_request(ChatRequest, body), is_kept=is_kept)
    return finish_chat(server, caller, pending, stopped=stopped)


def finish_chat(
    server: Server, caller: Caller, pending: PendingCompletion, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the whole completion."""
    return pending.as_json(
        "chat.completion", **join_chunks(list(chat_chunks(server, caller, pending, stopped=stopped)))
    )


def chat_chunks(
    server: Server, caller: Caller, pending: PendingCompletion, *, stopped: Stopped = never
) -> Iterator[dict[str, Any]]:
    """Yield choices as they come, with their index; last of all the usage of all together.

    A completion that is to be stored is stored before its end is told.
    """
    caller.need("chat")
    chunks: list[dict[str, Any]] = []
    for chunk in _chunks(server, caller, pending, stopped):
        chunks.append(chunk)
        if pending.request.store and not chunk["choices"] and not stopped():
            store_chat(
                server,
                caller,
                pending.as_json("chat.completion", **join_chunks(chunks)),
                _stored_request(pending.request),
            )
        yield chunk


def _stored_request(request: ChatRequest) -> dict[str, Any]:
    """Return what was asked, to be stored with what was said."""
    return request.model_dump(exclude={"store", "stream", "stream_options"}, exclude_none=True)


def _chunks(
    server: Server, caller: Caller, pending: PendingCompletion, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield choices as they come, with their index; last of all the usage of all together."""
    usage = Usage()
    for index in range(pending.request.n):
        make = _from_flow if pending.served.flow else _from_engine
        for chunk in make(pending, server, caller, index, stopped):
            for choice in chunk.get("choices", ()):
                yield {"choices": [{"logprobs": None, **choice, "index": index}]} | extras_of(chunk)
            if chunk.get("usage"):
                usage += usage_in(chunk["usage"])
    yield {"choices": [], "usage": usage_json(usage)}


def _from_engine(
    pending: PendingCompletion, server: Server, caller: Caller, index: int, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a model as it is."""
    wanted = passed_on(pending.request)
    if pending.request.n > 1:
        wanted["seed"] = (pending.request.seed or 0) + index
    for chunk in answer_with_engine(server, caller, pending.answer(index), wanted, stopped=stopped):
        yield {name: chunk[name] for name in ("choices", "usage") if chunk.get(name)}


def passed_on(request: ChatRequest) -> dict[str, Any]:
    """Return a request as the model gets it."""
    wanted = {
        name: value for name, value in request.model_dump(exclude_none=True).items() if name in PASSED_ON
    }
    return {**wanted, "messages": request.messages}


def _from_flow(
    pending: PendingCompletion, server: Server, caller: Caller, index: int, stopped: Stopped
) -> Iterator[dict[str, Any]]:
    """Yield a flow's answer: where it streams, each sentence as soon as its checks let it through.

    What was told and is withheld at the end is withdrawn: `refusal` takes its place, and the reason
    of the end is `content_filter`.
    """
    yield _piece({"role": "assistant", "content": "" if pending.request.stream else None})
    sent = ""
    for piece in flow_pieces(pending, server, caller, index=index, stopped=stopped):
        if isinstance(piece, str):
            sent += piece
            yield _piece({"content": piece})
            continue
        rest = rest_of(piece, sent)
        extras = {
            **refusal_json(piece),
            "left_out": dict(piece.left_out),
            "provenance": provenance(piece),
            **label_probabilities(piece),
        }
        yield {**_piece(_last_delta(piece, rest, pending.options)), "lorewright": extras}
        reason = piece.finish_reason if rest is not None else "content_filter"
        yield {"choices": [{"delta": {}, "finish_reason": reason}], "usage": usage_of(piece)}


def _last_delta(answer: Answer, rest: str | None, options: AnswerOptions) -> dict[str, Any]:
    """Return what is still to be told of an answer: its calls, its refusal, or its text and citations."""
    if answer.calls:
        calls = [{"index": index, **call} for index, call in enumerate(answer.calls)]
        return {"tool_calls": calls} | ({"content": rest} if rest else {})
    if rest is None or (answer.refused and options.is_structured):
        return {"refusal": answer.text}
    return {"content": rest, "annotations": annotations(answer)}


def _piece(delta: Mapping[str, Any]) -> dict[str, Any]:
    return {"choices": [{"delta": dict(delta), "finish_reason": None}]}


def flow_pieces(
    pending: PendingCompletion, server: Server, caller: Caller, *, index: int = 0, stopped: Stopped = never
) -> Iterator[str | Answer]:
    """Yield what may be told of a flow's answer as it is written, where it streams, and then the answer.

    The first choice is kept.
    """
    assert pending.served.flow is not None
    flow = flow_with_functions(pending.served.flow, pending.options)
    conversation, seed = spoken(pending.request.messages), (pending.request.seed or 0) + index

    def answer(tell: Tell | None, stopped: Stopped) -> Answer:
        return answer_with_flow(
            server, caller, pending.answer(index), flow=flow, conversation=conversation, seed=seed,
            options=pending.options, on_checked=tell, stopped=stopped,
        )  # fmt: skip

    if pending.request.stream:
        for piece in as_written(answer, stopped):
            assert not isinstance(piece, Mapping), "nobody told it of steps"
            yield piece
    else:
        yield answer(None, stopped)
