"""`/v1/messages`: Anthropic's Messages API, over every model that is served."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lorewright.access import Caller
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.workspace.anthropic.errors import anthropic_error
from lorewright.workspace.anthropic.messages import (
    begin_message,
    count_message,
    message_events,
    whole_message,
)
from lorewright.workspace.anthropic.request import CountRequest, MessageRequest
from lorewright.workspace.openai.chat_completions import PendingCompletion
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/messages", tags=["messages"])


@router.post("", response_model=None)
async def create_message(
    body: MessageRequest, request: Request, server: ServerOf, caller: CallerOf
) -> Response | dict[str, Any]:
    """Answer a conversation, whole or streamed."""
    pending = begin_message(server, caller, body)
    if body.stream:
        return await streamed(
            request, lambda stopped: _events(body, pending, server, caller, stopped), failed=_failed
        )
    message: dict[str, Any] = await finished(
        request, lambda stopped: whole_message(server, caller, body, pending, stopped=stopped)
    )
    return message


@router.post("/count_tokens")
def count_tokens(body: CountRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Count the tokens of a request."""
    return {"input_tokens": count_message(server, caller, body)}


def _events(
    body: MessageRequest, pending: PendingCompletion, server: Server, caller: Caller, stopped: Stopped
) -> Iterator[str]:
    for sent in message_events(server, caller, body, pending, stopped=stopped):
        yield event(sent, name=sent["type"])


def _failed(body: dict[str, Any]) -> str:
    """Return the last event of a stream that broke."""
    return event(anthropic_error(body), name="error")
