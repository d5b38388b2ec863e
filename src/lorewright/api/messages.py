"""`/v1/messages`: Anthropic's Messages API, over every model that is served."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lorewright.access import Key
from lorewright.api.caller import Caller, HomeOf
from lorewright.api.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.workspace.anthropic_messages import (
    begin_message,
    count_message,
    message_events,
    whole_message,
)
from lorewright.workspace.anthropic_request import CountRequest, MessageRequest
from lorewright.workspace.anthropic_told import anthropic_error
from lorewright.workspace.chat import Chat
from lorewright.workspace.home import Home

router = APIRouter(prefix="/v1/messages", tags=["messages"])


@router.post("", response_model=None)
async def create_message(
    body: MessageRequest, request: Request, home: HomeOf, caller: Caller
) -> Response | dict[str, Any]:
    """Answer a conversation, whole or streamed."""
    made = begin_message(home, caller, body)
    if body.stream:
        return await streamed(
            request, lambda stopped: _events(body, made, home, caller, stopped), failed=_failed
        )
    message: dict[str, Any] = await finished(
        request, lambda stopped: whole_message(home, caller, body, made, stopped=stopped)
    )
    return message


@router.post("/count_tokens")
def count_tokens(body: CountRequest, home: HomeOf, caller: Caller) -> dict[str, Any]:
    """Count the tokens of what would be asked."""
    return {"input_tokens": count_message(home, caller, body)}


def _events(body: MessageRequest, made: Chat, home: Home, caller: Key, stopped: Stopped) -> Iterator[str]:
    for told in message_events(home, caller, body, made, stopped=stopped):
        yield event(told, name=told["type"])


def _failed(body: dict[str, Any]) -> str:
    """Return the last event of a stream that broke."""
    return event(anthropic_error(body), name="error")
