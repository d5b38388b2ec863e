"""What a model or a flow says to a response's messages, as events."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from lorewright.access import Key
from lorewright.errors import BadParameter, Transient
from lorewright.flows import Answer, Flow, Parts
from lorewright.flows.query import query_from
from lorewright.models import PooledEngine, Stopped
from lorewright.workspace.answered import provenance, usage_of
from lorewright.workspace.answers import keep_answer
from lorewright.workspace.file_search import FileSearch, file_citation, shown_results
from lorewright.workspace.home import Home
from lorewright.workspace.response_asked import Asked
from lorewright.workspace.response_context import ANSWER_TOKENS, fitting
from lorewright.workspace.response_events import Event, Output
from lorewright.workspace.response_request import ResponseRequest, format_of, function_choice, functions_of
from lorewright.workspace.response_shape import usage_from
from lorewright.workspace.served import ServedParts, parts_of
from lorewright.workspace.shadow import answer_in_shadow
from lorewright.workspace.texts import conversation_from
from lorewright.workspace.tracing import run

LOGPROBS = "message.output_text.logprobs"
RESULTS = "file_search_call.results"
_CUT_BY: Mapping[str, str] = {"length": "max_output_tokens", "content_filter": "content_filter"}


def events_of_engine(
    home: Home, caller: Key, asked: Asked, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield what a model says as it is."""
    assert asked.served.engine is not None, "what is no flow is an engine"
    engine = PooledEngine(home.pool, asked.served.engine, who=caller.id)
    begun, ended_by = time.perf_counter(), ""
    messages = asked.messages
    if asked.request.truncation == "auto":
        n_free = asked.request.max_output_tokens or ANSWER_TOKENS
        room = home.workspace.settings.models.context_tokens - n_free
        messages = fitting(messages, engine.count_tokens, room=room)
    for chunk in engine.chat({"messages": messages, **_options(asked.request)}, stopped=stopped):
        if chunk.get("usage"):
            output.usage = usage_from(chunk["usage"])
        for choice in chunk.get("choices") or ():
            ended_by = choice.get("finish_reason") or ended_by
            yield from _heard(choice, output)
    if stopped():
        return
    if not ended_by:
        raise Transient(f"{asked.request.model} ended in the middle of its answer.", hint="Try again.")
    output.cut_by = _CUT_BY.get(ended_by, "")
    if not output.items:
        yield from output.say("")
    _keep(home, caller, asked, output.text, latency_ms=(time.perf_counter() - begun) * 1000)


def events_of_flow(
    home: Home, caller: Key, asked: Asked, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield a flow's answer: checked and cited, so that it comes in one piece."""
    assert asked.served.flow is not None
    if functions_of(asked.request):
        raise BadParameter("tools", f"{asked.request.model} is a flow and calls no functions.")
    if format_of(asked.request):
        raise BadParameter("text.format", f"{asked.request.model} is a flow and takes no text.format.")
    parts = parts_of(home, asked.served, who=caller.id)
    answer = _answer(home, caller, asked, asked.served.flow, parts, stopped)
    yield from _told(answer, output, {})


def events_of_search(
    home: Home, caller: Key, asked: Asked, search: FileSearch, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield the search of files, then the answer that rests on what was found."""
    query = query_from(conversation_from(asked.messages, param="input"))
    yield from output.search([query])
    search.retriever.search(query, n=search.n)
    found = search.retriever.found[query]
    yield from output.found(shown_results(found) if asked.request.includes(RESULTS) else None)
    parts = ServedParts(
        home, who=caller.id, engine=asked.served.engine, engines=asked.served.engines,
        retriever=search.retriever,
    )  # fmt: skip
    answer = _answer(home, caller, asked, search.flow, parts, stopped)
    names = {
        citation.document_id: search.retriever.filename(citation.document_id) for citation in answer.citations
    }
    yield from _told(answer, output, names)


def _options(request: ResponseRequest) -> dict[str, Any]:
    """Return how the model is asked, in the words of a chat completion."""
    functions = functions_of(request)
    wanted = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "max_completion_tokens": request.max_output_tokens,
        "response_format": format_of(request),
        "logprobs": True if request.includes(LOGPROBS) or request.top_logprobs else None,
        "top_logprobs": request.top_logprobs,
        "tools": functions or None,
        "tool_choice": function_choice(request) if functions else None,
        "parallel_tool_calls": request.parallel_tool_calls if functions else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _heard(choice: Mapping[str, Any], output: Output) -> Iterator[Event]:
    delta = choice.get("delta") or {}
    if delta.get("content"):
        yield from output.say(delta["content"], logprobs=_logprobs(choice.get("logprobs")))
    for call in delta.get("tool_calls") or ():
        yield from output.call(call.get("index", 0), call)


def _logprobs(given: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the log-probabilities of a chunk as those of a part of an output."""
    return [
        _token(one) | {"top_logprobs": [_token(other) for other in one.get("top_logprobs") or ()]}
        for one in (given or {}).get("content") or ()
    ]


def _token(given: Mapping[str, Any]) -> dict[str, Any]:
    token = str(given["token"])
    return {"token": token, "bytes": given.get("bytes") or list(token.encode()), "logprob": given["logprob"]}


def _answer(home: Home, caller: Key, asked: Asked, flow: Flow, parts: Parts, stopped: Stopped) -> Answer:
    """Return what a flow answers: kept, and answered by a shadow too where there is one."""
    if asked.request.includes(LOGPROBS):
        raise BadParameter("include", f"An answer that is checked and cited has no {LOGPROBS}.")
    conversation = conversation_from(asked.messages, param="input")
    answer = run(flow, conversation, parts, stopped=stopped)
    if not stopped():
        _keep(home, caller, asked, answer, latency_ms=answer.latency_ms)
        if asked.search is None:
            answer_in_shadow(home, asked.response["id"], asked.served, conversation, 0)
    return answer


def _told(answer: Answer, output: Output, names: Mapping[str, str]) -> Iterator[Event]:
    yield from output.say(answer.text)
    yield from output.annotate([
        file_citation(citation, names.get(citation.document_id, citation.document_id))
        for citation in answer.citations
    ])  # fmt: skip
    output.usage = usage_from(usage_of(answer))
    output.extras = {"lorewright": {"refused": answer.refused, "provenance": provenance(answer)}}
    drafts = (ports.get("draft") or {} for ports in answer.trace.values())
    if not answer.refused and any(draft.get("finish_reason") == "length" for draft in drafts):
        output.cut_by = "max_output_tokens"


def _keep(home: Home, caller: Key, asked: Asked, answer: Answer | str, *, latency_ms: float) -> None:
    """Keep the answer, so that its caller may say later what they think of it."""
    keep_answer(
        home, caller, asked.response["id"], asked.served, asked.messages, answer,
        latency_ms=latency_ms, is_stored=asked.request.is_stored,
    )  # fmt: skip
