"""`/v1/responses`: what a model says with what was said before, with functions, over files; kept."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lorewright.access import Key
from lorewright.api.caller import Caller, HomeOf
from lorewright.api.pages import Limit, OrderOf, listed_values
from lorewright.api.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.workspace.home import Home
from lorewright.workspace.response_asked import Asked
from lorewright.workspace.response_request import ResponseRequest
from lorewright.workspace.response_store import delete_response, find_response, list_given
from lorewright.workspace.responses import begin_response, response_events, whole_response

router = APIRouter(prefix="/v1/responses", tags=["responses"])


@router.post("", response_model=None)
async def create_response(
    body: ResponseRequest, request: Request, home: HomeOf, caller: Caller
) -> Response | dict[str, Any]:
    """Respond to a text or to items, whole or streamed."""
    asked = begin_response(home, caller, body)
    if body.stream:
        return await streamed(request, lambda stopped: _events(asked, home, caller, stopped), failed=_failed)
    response: dict[str, Any] = await finished(
        request, lambda stopped: whole_response(home, caller, asked, stopped=stopped)
    )
    return response


@router.get("/{response_id}")
def get_response(response_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Return a response that was stored."""
    return dict(find_response(home, caller, response_id).body["response"])


@router.delete("/{response_id}")
def remove_response(response_id: str, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Delete a response."""
    delete_response(home, caller, response_id)
    return {"id": response_id, "object": "response", "deleted": True}


@router.get("/{response_id}/input_items")
def get_input_items(
    response_id: str,
    home: HomeOf,
    caller: Caller,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the items that a response was asked with."""
    items, has_more = list_given(home, caller, response_id, limit=limit, after=after, order=order)
    return listed_values(items, has_more=has_more)


def _events(asked: Asked, home: Home, caller: Key, stopped: Stopped) -> Iterator[str]:
    for told in response_events(home, caller, asked, stopped=stopped):
        yield event(told, name=told["type"])


def _failed(body: dict[str, Any]) -> str:
    """Return the last event of a stream that broke where nothing else could be said."""
    error = body["error"]
    told = {name: error[name] for name in ("code", "message", "param")}
    return event({"type": "error", **told, "sequence_number": 0}, name="error")
