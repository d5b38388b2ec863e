"""`/v1/completions`: the older API, a prompt and its completion."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from openai.types import Completion

from lorewright.access import Caller
from lorewright.api.http.answers import answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.streaming import event, finished, streamed
from lorewright.models import Stopped
from lorewright.workspace.openai.completions import (
    CompletionRequest,
    PendingTexts,
    begin_completion,
    completion_pieces,
    whole_completion,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1", tags=["completions"])


@router.post("/completions", response_model=None, responses=answers(Completion))
async def create_completion(
    body: CompletionRequest, request: Request, server: ServerOf, caller: CallerOf
) -> Response | dict[str, Any]:
    """Complete prompts, whole or streamed."""
    pending = begin_completion(server, caller, body)
    if body.stream:
        return await streamed(request, lambda stopped: _events(pending, server, caller, stopped))
    completion: dict[str, Any] = await finished(
        request, lambda stopped: whole_completion(server, caller, pending, stopped=stopped)
    )
    return completion


def _events(pending: PendingTexts, server: Server, caller: Caller, stopped: Stopped) -> Iterator[str]:
    has_usage = bool((pending.request.stream_options or {}).get("include_usage"))
    for piece in completion_pieces(server, caller, pending, stopped=stopped):
        if piece["choices"]:
            yield event(pending.as_json(**piece, **({"usage": None} if has_usage else {})))
        elif has_usage:
            yield event(pending.as_json(**piece))
    yield "data: [DONE]\n\n"
