"""`/embed`: the chat that pages of listed origins show in a frame, and what answers it.

Nobody logs in here. A browser's cookies count for nothing: every question is asked by the chat's own
key, which may chat with one deployment and nothing else.
"""

import html
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.api.http.caller import ServerOf
from lorewright.api.http.origins import is_local
from lorewright.api.http.streaming import event, streamed
from lorewright.errors import LimitReached, LorewrightError, NotAllowed, NotFound, Transient
from lorewright.models import Stopped
from lorewright.request_body import RequestBody
from lorewright.workspace.deployments.embeds import Embed, embed_caller, find_embed
from lorewright.workspace.openai.chat_completions import (
    ChatRequest,
    PendingCompletion,
    begin_chat,
    chat_chunks,
)
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/embed", include_in_schema=False)

FILES = {"chat.js": "text/javascript", "chat.css": "text/css", "loader.js": "text/javascript"}
FOLDER = Path(__file__).parent / "embedded"
MAX_TURNS, MAX_CHARACTERS = 20, 4000
_log = logging.getLogger("lorewright.embed")


class Turn(RequestBody):
    """A turn of the conversation so far."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: str = Field(min_length=1, max_length=MAX_CHARACTERS)


class EmbedQuestion(RequestBody):
    """What is asked in an embedded chat: the conversation, its last turn the question."""

    model_config = ConfigDict(extra="forbid")

    messages: list[Turn] = Field(min_length=1, max_length=MAX_TURNS)


@router.get("/files/{name}")
def get_file(name: str) -> FileResponse:
    """Return a script or the look of the chat."""
    if name not in FILES:
        raise NotFound(f"There is no {name!r} here.")
    return FileResponse(FOLDER / name, media_type=FILES[name], headers={"Cache-Control": "max-age=3600"})


@router.get("/{embed_id}", response_class=HTMLResponse)
def get_page(embed_id: str, request: Request, server: ServerOf) -> HTMLResponse:
    """Return the page of a chat, which only pages of its origins may frame."""
    _need_reachable(request)
    embed = find_embed(server, embed_id)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {' '.join(embed.origins)}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(_page(embed), headers=headers)


@router.post("/{embed_id}/chat", response_model=None)
async def post_chat(embed_id: str, body: EmbedQuestion, request: Request, server: ServerOf) -> Response:
    """Stream the answer to a question in a chat, asked with the chat's own key."""
    _need_reachable(request)
    _need_own_frame(request)
    embed = find_embed(server, embed_id)
    caller = embed_caller(server, embed)
    request.state.caller = caller
    server.gate.enter(caller)
    messages = [{"role": turn.role, "content": turn.content} for turn in body.messages]
    asked = ChatRequest(model=embed.deployment, messages=messages, stream=True)
    pending = begin_chat(server, caller, asked)
    return await streamed(request, lambda stopped: _events(server, caller, pending, stopped))


def _events(server: Server, caller: Caller, pending: PendingCompletion, stopped: Stopped) -> Iterator[str]:
    """Yield what a visitor sees of an answer: its text, what withdraws it, and what it cites.

    What is wrong with the domain behind it is for those who run it: strangers hear that it cannot answer.
    """
    try:
        yield from _told(chat_chunks(server, caller, pending, stopped=stopped))
    except (LimitReached, Transient):
        raise
    except LorewrightError as error:
        _log.warning("An embedded chat with %s cannot answer: %s", pending.served.deployment, error)
        raise NotFound("This chat cannot answer now.", hint="Ask whoever runs this page.") from error
    yield "data: [DONE]\n\n"


def _told(chunks: Iterator[dict[str, Any]]) -> Iterator[str]:
    for chunk in chunks:
        for choice in chunk.get("choices", ()):
            delta = choice.get("delta") or {}
            told: dict[str, Any] = {name: delta[name] for name in ("content", "refusal") if delta.get(name)}
            cited = [one["url_citation"] for one in delta.get("annotations") or ()]
            if cited:
                told["sources"] = [{name: one[name] for name in ("title", "quote", "page")} for one in cited]
            if told:
                yield event(told)


def _need_reachable(request: Request) -> None:
    """Raise `NotAllowed` for other machines where keys are not asked for: then nothing is open to them."""
    if request.app.state.is_open and not is_local(request):
        raise NotAllowed("Without keys, only requests from this machine are allowed.")


def _need_own_frame(request: Request) -> None:
    """Raise `NotAllowed` unless the page of the chat itself asks: other pages must frame it."""
    origin = request.headers.get("origin", "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if urlsplit(origin).netloc != request.headers.get("host", "") or site != "same-origin":
        raise NotAllowed("Only the chat itself can ask here.", hint="Show the chat in a frame.")


def _page(embed: Embed) -> str:
    title, place = html.escape(embed.title, quote=True), html.escape(embed.id, quote=True)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="files/chat.css"></head>'
        f'<body data-chat="{place}"><main><h1>{title}</h1>'
        '<div id="log" role="log" aria-live="polite" tabindex="0" aria-label="Conversation"></div>'
        '<form id="ask"><label for="question" class="unseen">Your question</label>'
        f'<textarea id="question" rows="1" maxlength="{MAX_CHARACTERS}" placeholder="Ask a question …"'
        ' required></textarea><button type="submit">Send</button></form></main>'
        '<script src="files/chat.js"></script></body></html>'
    )
