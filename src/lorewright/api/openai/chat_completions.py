"""`/v1/chat/completions`: base and tuned models as they are, arms and deployments with citations."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from openai.types.chat import ChatCompletion

from lorewright.access import Caller
from lorewright.api.http.answers import answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.workspace.openai.chat_completions import (
    ChatRequest,
    PendingCompletion,
    begin_chat,
    chat_chunks,
    finish_chat,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1", tags=["chat"])


@router.post("/chat/completions", response_model=None, responses=answers(ChatCompletion))
async def create_chat_completion(
    body: ChatRequest, request: Request, server: ServerOf, caller: CallerOf
) -> Response | dict[str, Any]:
    """Complete a conversation, whole or streamed."""
    pending = begin_chat(server, caller, body)
    if body.stream:
        return await streamed(request, lambda stopped: _events(pending, server, caller, stopped))
    completion: dict[str, Any] = await finished(
        request, lambda stopped: finish_chat(server, caller, pending, stopped=stopped)
    )
    return completion


def _events(pending: PendingCompletion, server: Server, caller: Caller, stopped: Stopped) -> Iterator[str]:
    has_usage = bool((pending.request.stream_options or {}).get("include_usage"))
    for chunk in chat_chunks(server, caller, pending, stopped=stopped):
        if chunk.get("choices"):
            yield event(
                pending.as_json("chat.completion.chunk", **chunk, **({"usage": None} if has_usage else {}))
            )
        elif has_usage:
            yield event(pending.as_json("chat.completion.chunk", **chunk))
    yield "data: [DONE]\n\n"
