"""Bodies that are too long are refused before they are read."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.workspace.anthropic_told import anthropic_error, speaks_anthropic
from lorewright.workspace.told import error_body

STREAMED = ("PUT", "/lorewright/v1/documents")
"""The request whose body goes to the disk as it comes."""


class BodyLimit:
    """Refuses bodies over a limit with 413; uploads of files have a limit of their own."""

    def __init__(self, app: ASGIApp, *, max_body_mb: float, max_upload_mb: float) -> None:
        self._app = app
        self._max_body_mb = max_body_mb
        self._max_upload_mb = max_upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as long as its body stays below the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_form = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        is_upload = is_form or (scope["method"], scope["path"]) == STREAMED
        limit_mb = self._max_upload_mb if is_upload else self._max_body_mb
        said = headers.get(b"content-length", b"0")
        n_read = int(said) if said.isdigit() else 0
        if n_read > limit_mb * 1e6:
            await _refuse(scope, send, limit_mb)
            return
        n_read, is_refused = 0, False

        async def counted() -> Message:
            nonlocal n_read, is_refused
            message = await receive()
            n_read += len(message.get("body", b""))
            if n_read > limit_mb * 1e6:
                is_refused = True
                await _refuse(scope, send, limit_mb)
                return {"type": "http.disconnect"}
            return message

        async def silenced(message: Message) -> None:
            if not is_refused:
                await send(message)

        await self._app(scope, counted, silenced)


async def _refuse(scope: Scope, send: Send, limit_mb: float) -> None:
    message = f"The body is longer than {limit_mb:g} MB."
    body: Mapping[str, Any] = error_body(message, "invalid_request_error", code="request_too_large")
    if speaks_anthropic(scope["path"]):
        body = anthropic_error(body, scope.get("state", {}).get("request_id", ""))
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
