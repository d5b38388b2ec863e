"""Request bodies: how large they may be, and how slowly they may arrive."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lorewright.workspace.anthropic.errors import anthropic_error, speaks_anthropic
from lorewright.workspace.openai.errors import error_body

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
        length = headers.get(b"content-length", b"0")
        n_read = int(length) if length.isdigit() else 0
        if n_read > limit_mb * 1e6:
            await _refuse_long(scope, send, limit_mb)
            return
        n_read, is_refused = 0, False

        async def counted() -> Message:
            nonlocal n_read, is_refused
            message = await receive()
            n_read += len(message.get("body", b""))
            if n_read > limit_mb * 1e6:
                is_refused = True
                await _refuse_long(scope, send, limit_mb)
                return {"type": "http.disconnect"}
            return message

        async def silenced(message: Message) -> None:
            if not is_refused:
                await send(message)

        await self._app(scope, counted, silenced)


SLOWEST_BYTES_A_SECOND = 10_000


class SlowBodies:
    """Refuses with 408 a body that has not come within `seconds`, and a second more for each 10 kB of it."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as long as its body comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        n_read, is_whole, is_refused = 0, False, False
        deadline = asyncio.get_running_loop().time() + self._seconds

        async def in_time() -> Message:
            nonlocal n_read, is_whole, is_refused
            if is_whole:  # this only ends when the client leaves
                return await receive()
            try:
                async with asyncio.timeout_at(deadline + n_read / SLOWEST_BYTES_A_SECOND):
                    message = await receive()
            except TimeoutError:
                is_refused = True
                await _refuse_slow(scope, send, self._seconds)
                return {"type": "http.disconnect"}
            n_read += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            return message

        async def silenced(message: Message) -> None:
            if not is_refused:
                await send(message)

        await self._app(scope, in_time, silenced)


class _ImpatientProtocol(HttpToolsProtocol):
    """HTTP, where the head of a request must have come within `head_seconds`."""

    def __init__(self, *args: Any, head_seconds: float, **more: Any) -> None:
        super().__init__(*args, **more)
        self._head_seconds = head_seconds
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()  # the next request on this connection
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self._head_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def impatient(seconds: float) -> type[asyncio.Protocol]:
    """Return how uvicorn speaks HTTP where the head of a request must have come within `seconds`."""
    protocol: Callable[..., asyncio.Protocol] = partial(_ImpatientProtocol, head_seconds=seconds)
    return cast("type[asyncio.Protocol]", protocol)  # uvicorn only calls it


async def _refuse_long(scope: Scope, send: Send, limit_mb: float) -> None:
    message = f"The body exceeds {limit_mb:g} MB."
    await _refuse(scope, send, 413, "request_too_large", message)


async def _refuse_slow(scope: Scope, send: Send, seconds: float) -> None:
    message = f"The body did not arrive within {seconds:g} seconds."
    await _refuse(scope, send, 408, "request_timeout", message)


async def _refuse(scope: Scope, send: Send, status: int, code: str, message: str) -> None:
    body: Mapping[str, Any] = error_body(message, "invalid_request_error", code=code)
    if speaks_anthropic(scope["path"]):
        body = anthropic_error(body, scope.get("state", {}).get("request_id", ""))
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
