"""`/v1/responses`: responses with conversation state, functions and file search; stored."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from openai.types.responses import CompactedResponse, InputTokenCountResponse, ResponseItem
from openai.types.responses import Response as ModelResponse

from lorewright.access import Caller
from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed_values
from lorewright.api.http.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.request_body import RequestBody
from lorewright.workspace.openai.responses.background import (
    begin_background,
    cancel_response,
    current_response,
    followed,
)
from lorewright.workspace.openai.responses.context import compacted, count_input
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.records import delete_response, list_given
from lorewright.workspace.openai.responses.request import ResponseRequest
from lorewright.workspace.openai.responses.respond import begin_response, response_events, whole_response
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/responses", tags=["responses"])


class InputItemPage(ListOf[ResponseItem]):
    """A page of what a response was asked with."""


class Reading(RequestBody):
    """How a stored response is returned: whole, or as its events after a given one."""

    stream: bool = False
    starting_after: int = -1


@router.post("", response_model=None, responses=answers(ModelResponse))
async def create_response(
    body: ResponseRequest, request: Request, server: ServerOf, caller: CallerOf
) -> Response | dict[str, Any]:
    """Create a response to a text or to items, whole or streamed."""
    pending = begin_response(server, caller, body)
    if body.background:
        queued = begin_background(server, caller, pending)
        return await _streamed_later(request, queued["id"], server, caller) if body.stream else queued
    if body.stream:
        return await streamed(
            request, lambda stopped: _events(pending, server, caller, stopped), failed=_failed
        )
    response: dict[str, Any] = await finished(
        request, lambda stopped: whole_response(server, caller, pending, stopped=stopped)
    )
    return response


@router.post("/input_tokens", responses=answers(InputTokenCountResponse))
def count_input_tokens(body: ResponseRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Count the tokens of a request."""
    pending = begin_response(server, caller, body)
    return {"object": "response.input_tokens", "input_tokens": count_input(server, caller, pending)}


@router.post("/compact", response_model=None, responses=answers(CompactedResponse))
async def compact(
    body: ResponseRequest, request: Request, server: ServerOf, caller: CallerOf
) -> Response | dict[str, Any]:
    """Summarize a conversation, to send the summary in its place."""
    pending = begin_response(server, caller, body)
    response: dict[str, Any] = await finished(
        request, lambda stopped: compacted(server, caller, pending, stopped=stopped)
    )
    return response


@router.get("/{response_id}", response_model=None, responses=answers(ModelResponse))
async def get_response(
    response_id: str,
    request: Request,
    server: ServerOf,
    caller: CallerOf,
    how: Annotated[Reading, Query()],
) -> Response | dict[str, Any]:
    """Return a stored response, or the events of one in the background."""
    if how.stream:
        return await _streamed_later(request, response_id, server, caller, how.starting_after)
    response: dict[str, Any] = await finished(
        request, lambda _: current_response(server, caller, response_id)
    )
    return response


@router.post("/{response_id}/cancel", responses=answers(ModelResponse))
def cancel(response_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Cancel a response in the background."""
    return cancel_response(server, caller, response_id)


@router.delete("/{response_id}")
def remove_response(response_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a response."""
    delete_response(server, caller, response_id)
    return {"id": response_id, "object": "response", "deleted": True}


@router.get("/{response_id}/input_items", responses=answers(InputItemPage))
def get_input_items(
    response_id: str,
    server: ServerOf,
    caller: CallerOf,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the input items of a response."""
    items, has_more = list_given(server, caller, response_id, limit=limit, after=after, order=order)
    return listed_values(items, has_more=has_more)


async def _streamed_later(
    request: Request, response_id: str, server: Server, caller: Caller, starting_after: int = -1
) -> Response:
    """Return the stream of a response in the background; it goes on when its reader leaves."""

    def pieces(stopped: Stopped) -> Iterator[str]:
        for sent in followed(server, caller, response_id, starting_after=starting_after, stopped=stopped):
            yield event(sent, name=sent["type"])

    return await streamed(request, pieces, failed=_failed)


def _events(pending: PendingResponse, server: Server, caller: Caller, stopped: Stopped) -> Iterator[str]:
    for sent in response_events(server, caller, pending, stopped=stopped):
        yield event(sent, name=sent["type"])


def _failed(body: dict[str, Any]) -> str:
    """Return the last event of a stream that broke where nothing else could be said."""
    error = body["error"]
    details = {name: error[name] for name in ("code", "message", "param")}
    return event({"type": "error", **details, "sequence_number": 0}, name="error")
