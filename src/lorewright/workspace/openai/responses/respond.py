"""Responses: a model, a flow, or a model that searches files, with what was said before."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.models import Stopped, never
from lorewright.workspace.answering.messages import conversation_key
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.openai.errors import status_and_body
from lorewright.workspace.openai.responses.conversations import add_items, items_of, with_conversation
from lorewright.workspace.openai.responses.file_search import file_search_for
from lorewright.workspace.openai.responses.from_engine import events_of_engine
from lorewright.workspace.openai.responses.from_flow import events_of_flow, events_of_search
from lorewright.workspace.openai.responses.from_servers import events_with_servers
from lorewright.workspace.openai.responses.items import messages_from, read_items
from lorewright.workspace.openai.responses.output import Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.prompts import filled_in
from lorewright.workspace.openai.responses.records import items_before, keep_response
from lorewright.workspace.openai.responses.request import ResponseRequest, check_request, searches
from lorewright.workspace.openai.responses.servers import called_servers, decisions_in
from lorewright.workspace.openai.responses.shape import blank_response, error_of
from lorewright.workspace.server.requests import params_named, read_request
from lorewright.workspace.server.server import Server


def begin_response(server: Server, caller: Caller, request: ResponseRequest) -> PendingResponse:
    """Return the response to be made; raise `NotAllowed`, `NotFound` or `BadParameter` where it cannot be."""
    caller.need("chat")
    request, prompt = filled_in(server, caller, request)
    check_request(request)
    before = items_before(server, caller, request.previous_response_id)
    if request.conversation_id:
        before = items_of(server, caller, request.conversation_id)
    given = read_items(request.input)
    messages = messages_from([*before, *given], instructions=request.instructions)
    servers = called_servers(server, request)
    decisions = decisions_in(given, before, [one.label for one in servers])
    if not any(turn["role"] != "system" for turn in messages):
        raise BadParameter("input", "input is empty.")
    who = conversation_key(caller.id, request.user or request.safety_identifier, messages)
    served = find_served(server, request.model, caller, who=who)
    tool = searches(request)
    search = file_search_for(server, caller, request, served, tool) if tool else None
    response = blank_response(f"resp_{uuid4().hex}", request, served) | {"prompt": prompt}
    return PendingResponse(
        request, served, given, messages, search, response, servers,
        listed=frozenset(item["server_label"] for item in before if item["type"] == "mcp_list_tools"),
        decisions=tuple(decisions),
    )  # fmt: skip


def respond(
    server: Server, caller: Caller, body: Mapping[str, Any], *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the response that a request in OpenAI's words asks for."""
    request = read_request(ResponseRequest, body)
    if request.background:
        raise BadParameter("background", "background is not supported in a batch. Omit it.")
    return whole_response(server, caller, begin_response(server, caller, request), stopped=stopped)


def whole_response(
    server: Server, caller: Caller, pending: PendingResponse, *, stopped: Stopped = never
) -> dict[str, Any]:
    """Return the response when it is over; raise what kept it from being made."""
    caller.need("chat")
    pending, output = with_conversation(server, caller, pending), Output()
    for _ in _output_events(server, caller, pending, output, stopped):
        pass
    return _finish(server, caller, pending, output, stopped)


def response_events(
    server: Server, caller: Caller, pending: PendingResponse, *, stopped: Stopped = never
) -> Iterator[Event]:
    """Yield the numbered events of a response as it is made; it is kept before the last one comes.

    What goes wrong before anything was said is raised; later it becomes the last event.
    """
    caller.need("chat")
    pending = with_conversation(server, caller, pending)
    for number, event in enumerate(_events(server, caller, pending, stopped)):
        yield {**event, "sequence_number": number}


def _events(server: Server, caller: Caller, pending: PendingResponse, stopped: Stopped) -> Iterator[Event]:
    output = Output()
    events = _output_events(server, caller, pending, output, stopped)
    first = next(events, None)
    yield {"type": "response.created", "response": dict(pending.response)}
    yield {"type": "response.in_progress", "response": dict(pending.response)}
    try:
        yield from filter(None, [first])
        yield from filter(None, events)
        response = _finish(server, caller, pending, output, stopped)
    except Exception as error:  # noqa: BLE001 - the status is sent already: told as the last event
        response = fail(server, caller, pending, output, error)
        yield {"type": "response.failed", "response": response}
        return
    if response["status"] != "cancelled":  # of which nobody is told
        yield {"type": f"response.{response['status']}", "response": response}


def fail(
    server: Server, caller: Caller, pending: PendingResponse, output: Output, error: BaseException
) -> dict[str, Any]:
    """Return a response that failed, kept with what was said so far."""
    status, body = status_and_body(error)
    for _ in output.close("incomplete"):
        pass
    response = pending.response | {
        "status": "failed", "output": output.items, "error": error_of(status, body["error"]),
    }  # fmt: skip
    if pending.request.is_stored:
        keep_response(server, caller, pending, response)
    return response


_NAMES = {
    r"response_format\.json_schema\.schema": "text.format.schema",
    "response_format": "text.format",
    r"(tools\[\d+\])\.function": r"\1",
    "messages": "input",
}
"""The names of parameters of a chat completion, and what they are called in a response."""


def _output_events(
    server: Server, caller: Caller, pending: PendingResponse, output: Output, stopped: Stopped
) -> Iterator[Event]:
    """Yield the events of what the model says, until every item is over."""

    def turn(pending: PendingResponse) -> Iterator[Event]:
        if pending.search is not None:
            yield from events_of_search(server, caller, pending, pending.search, output, stopped)
        elif pending.served.flow:
            yield from events_of_flow(server, caller, pending, output, stopped)
        else:
            yield from events_of_engine(server, caller, pending, output, stopped)

    with params_named(_NAMES):
        if pending.servers:
            yield from events_with_servers(pending, output, stopped, turn)
        else:
            yield from turn(pending)
    yield from output.close("incomplete" if output.cut_by else "completed")


def _finish(
    server: Server, caller: Caller, pending: PendingResponse, output: Output, stopped: Stopped
) -> dict[str, Any]:
    """Return the response when all was said: kept, and part of its conversation."""
    cut_by = output.cut_by
    response = pending.response | {
        "status": "cancelled" if stopped() else "incomplete" if cut_by else "completed",
        "incomplete_details": {"reason": cut_by} if cut_by else None,
        "completed_at": None if cut_by else int(time.time()),
        "output": output.items,
        "usage": output.usage,
        **output.extras,
    }
    if stopped():  # its caller left, or does not want it any more
        return response
    if pending.request.is_stored:
        keep_response(server, caller, pending, response)
    if pending.request.conversation_id:
        add_items(server, caller, pending.request.conversation_id, [*pending.given, *output.items])
    return response
