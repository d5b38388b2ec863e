"""What a flow says to a response's messages, its own or one that searches files, as events."""

from collections.abc import Iterator, Mapping

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.flows import Answer, Flow, Parts
from lorewright.flows.query import query_from
from lorewright.models import Stopped
from lorewright.workspace.answering.answer import answer_with_flow
from lorewright.workspace.answering.answer_json import provenance, usage_of, was_cut
from lorewright.workspace.answering.file_search import FileSearch
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.answering.served_models import ServedParts, parts_of
from lorewright.workspace.openai.responses.file_search import file_citation, shown_results
from lorewright.workspace.openai.responses.from_engine import options_of
from lorewright.workspace.openai.responses.function_calls import (
    CallingParts,
    since_question,
    spoken,
    with_functions,
)
from lorewright.workspace.openai.responses.output import Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.request import LOGPROBS, format_of, functions_of
from lorewright.workspace.openai.responses.shape import usage_from
from lorewright.workspace.server.server import Server

RESULTS = "file_search_call.results"


def events_of_flow(
    server: Server, caller: Caller, asked: PendingResponse, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield a flow's answer: checked and cited, so that it comes in one piece."""
    assert asked.served.flow is not None
    if functions_of(asked.request):
        raise BadParameter("tools", f"{asked.request.model} is a flow and calls no functions.")
    if format_of(asked.request):
        raise BadParameter("text.format", f"{asked.request.model} is a flow and takes no text.format.")
    if asked.request.includes(LOGPROBS):
        raise BadParameter("include", f"An answer that is checked and cited has no {LOGPROBS}.")
    parts = parts_of(server, asked.served, who=caller.id)
    answer = _answer(server, caller, asked, asked.served.flow, parts, stopped)
    yield from _told(answer, output, {})


def events_of_search(
    server: Server,
    caller: Caller,
    asked: PendingResponse,
    search: FileSearch,
    output: Output,
    stopped: Stopped,
) -> Iterator[Event]:
    """Yield the search of files, then the answer that rests on what was found, or calls of functions."""
    query = query_from(spoken(asked.messages))
    yield from output.search([query])
    search.retriever.search(query, n=search.n)
    found = search.retriever.found[query]
    yield from output.found(shown_results(found) if asked.request.includes(RESULTS) else None)
    has_functions = bool(functions_of(asked.request))
    parts = (CallingParts if has_functions else ServedParts)(
        server, who=caller.id, engine=asked.served.engine, engines=asked.served.engines,
        retriever=search.retriever,
    )  # fmt: skip
    flow = search.flow
    if isinstance(parts, CallingParts):
        parts.since, parts.options = since_question(asked.messages), options_of(asked.request)
        flow = with_functions(flow, parts.since)
    answer = _answer(server, caller, asked, flow, parts, stopped)
    calls = parts.calling.calls if isinstance(parts, CallingParts) and parts.calling else []
    if calls:
        for call in calls:
            yield from output.call(call.get("index", 0), call)
        output.usage = usage_from(usage_of(answer))
        return
    names = {
        citation.document_id: search.retriever.filename(citation.document_id) for citation in answer.citations
    }
    yield from _told(answer, output, names)


def _answer(
    server: Server, caller: Caller, asked: PendingResponse, flow: Flow, parts: Parts, stopped: Stopped
) -> Answer:
    """Return what a flow answers: kept, and answered by a shadow too where there is one."""
    is_calling = isinstance(parts, CallingParts)
    conversation = spoken(asked.messages) if is_calling else conversation_from(asked.messages, param="input")
    return answer_with_flow(
        server, caller, asked.answer, flow=flow, parts=parts, conversation=conversation,
        has_shadow=asked.search is None, stopped=stopped,
    )  # fmt: skip


def _told(answer: Answer, output: Output, names: Mapping[str, str]) -> Iterator[Event]:
    yield from output.say(answer.text)
    yield from output.annotate([
        file_citation(citation, names.get(citation.document_id, citation.document_id))
        for citation in answer.citations
    ])  # fmt: skip
    output.usage = usage_from(usage_of(answer))
    output.extras = {"lorewright": {"refused": answer.refused, "provenance": provenance(answer)}}
    if was_cut(answer):
        output.cut_by = "max_output_tokens"
