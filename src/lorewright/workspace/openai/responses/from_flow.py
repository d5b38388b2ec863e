"""What a flow says to a response's messages, its own or one that searches files, as events."""

import json
from collections.abc import Iterator, Mapping

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.flows import Answer, Flow
from lorewright.flows.query import query_from
from lorewright.models import Stopped
from lorewright.workspace.answering.answer import answer_with_flow
from lorewright.workspace.answering.answer_json import provenance, refusal_json, usage_of
from lorewright.workspace.answering.answer_stream import Step, Tell, as_written, rest_of
from lorewright.workspace.answering.file_search import FileSearch
from lorewright.workspace.answering.flow_options import flow_options, flow_with_functions, spoken
from lorewright.workspace.answering.served_models import ServedParts, parts_of
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.openai.responses.file_search import file_citation, results_json
from lorewright.workspace.openai.responses.from_engine import options_of
from lorewright.workspace.openai.responses.from_servers import call_item
from lorewright.workspace.openai.responses.output import BEGUN, Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.request import LOGPROBS, format_of
from lorewright.workspace.openai.responses.shape import usage_from
from lorewright.workspace.server.server import Server

AGENT = "lorewright"
"""The label under which the tools of agents stand beside those of servers."""
_NOT_SHOWN = "[not shown: it holds passages of documents that you have no access to]"
RESULTS = "file_search_call.results"


def events_of_flow(
    server: Server, caller: Caller, pending: PendingResponse, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield a flow's answer: where it streams, each sentence as soon as its checks let it through."""
    assert pending.served.flow is not None
    if pending.request.includes(LOGPROBS):
        raise BadParameter("include", f"An answer with citations does not support {LOGPROBS}.")
    parts = parts_of(server, pending.served, caller)
    yield from _answered(server, caller, pending, pending.served.flow, parts, output, stopped)


def events_of_search(
    server: Server,
    caller: Caller,
    pending: PendingResponse,
    search: FileSearch,
    output: Output,
    stopped: Stopped,
) -> Iterator[Event]:
    """Yield the search of files, then the answer that rests on what was found, or calls of functions."""
    query = query_from(spoken(pending.messages))
    if query not in search.retriever.hits_by_query:
        yield from output.search([query])
        search.retriever.search(query, n=search.n)
        hits = search.retriever.hits_by_query[query]
        yield from output.search_done(results_json(hits) if pending.request.includes(RESULTS) else None)
    parts = parts_of(server, pending.served, caller, retriever=search.retriever)
    yield from _answered(server, caller, pending, search.flow, parts, output, stopped)


def _answered(
    server: Server,
    caller: Caller,
    pending: PendingResponse,
    flow: Flow,
    parts: ServedParts,
    output: Output,
    stopped: Stopped,
) -> Iterator[Event]:
    """Yield what a flow answers: kept, and answered by a shadow too where there is one."""
    steps: list[Step] = []
    has_shadow = pending.search is None and not pending.servers
    options = flow_options(options_of(pending.request), pending.messages, model=pending.request.model)

    def answer(tell: Tell | None, stopped: Stopped) -> Answer:
        return answer_with_flow(
            server, caller, pending.answer, flow=flow_with_functions(flow, options), parts=parts,
            conversation=spoken(pending.messages), has_shadow=has_shadow, options=options,
            on_checked=tell, on_step=tell or steps.append, stopped=stopped,
        )  # fmt: skip

    if not pending.request.stream:
        whole = answer(None, stopped)
        for step in steps:
            yield from _step_events(server, caller, step, output)
        yield from _remaining(whole, pending, output, "")
        return
    yield BEGUN
    sent = ""
    for piece in as_written(answer, stopped):
        if isinstance(piece, str):
            sent += piece
            yield from output.say(piece)
        elif isinstance(piece, Mapping):
            yield from _step_events(server, caller, piece, output)
        else:
            yield from _remaining(piece, pending, output, sent)


def _step_events(server: Server, caller: Caller, step: Step, output: Output) -> Iterator[Event]:
    """Yield a step of an agent as the call of a tool on a server, with what came of it.

    Words of documents that the caller may not read themselves are left out.
    """
    arguments = json.dumps(step["arguments"], ensure_ascii=False)
    place = yield from output.server_call(call_item("mcp_call", AGENT, str(step["tool"]), arguments))
    yield from output.close()
    may_see = readable(server.workspace, caller).covers(step["documents"])
    text = str(step["output"]) if may_see else _NOT_SHOWN
    yield from output.called(place, text=text, error=str(step["error"]))


def _remaining(answer: Answer, pending: PendingResponse, output: Output, sent: str) -> Iterator[Event]:
    """Yield what is still to be told of an answer: its calls, or its text with what it rests on."""
    rest = rest_of(answer, sent)
    output.usage = usage_from(usage_of(answer))
    output.extras = {"lorewright": {**refusal_json(answer), "provenance": provenance(answer)}}
    if answer.finish_reason == "length":
        output.cut_by = "max_output_tokens"
    if rest is None or (answer.refused and format_of(pending.request)):
        yield from output.withdraw(answer.text)
        return
    if rest or not answer.calls:
        yield from output.say(rest)
    for index, call in enumerate(answer.calls):
        yield from output.call(index, call)
    if not answer.calls:
        yield from output.annotate([
            file_citation(citation, _name_of(pending, citation.document_id)) for citation in answer.citations
        ])  # fmt: skip


def _name_of(pending: PendingResponse, document_id: str) -> str:
    """Return the name that a document goes by: files of stores have one besides their id."""
    return pending.search.retriever.filename(document_id) if pending.search else document_id
