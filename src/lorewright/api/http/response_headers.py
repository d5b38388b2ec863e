"""Headers that every response has: what browsers may do with it, and how much its caller may still ask."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.access import Caller
from lorewright.access.limits import render_span
from lorewright.access.rate_limits import Allowance, RateLimiter
from lorewright.workspace.anthropic.errors import speaks_anthropic

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'none'",
}


class ResponseHeaders:
    """Adds them, unless the resource has set its own."""

    def __init__(self, app: ASGIApp, *, gate: RateLimiter) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response back with more headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                more = self._anthropic(scope) if speaks_anthropic(scope["path"]) else self._limits(scope)
                says_who_frames = "frame-ancestors" in headers.get("content-security-policy", "")
                for name, value in {**SECURITY, **more}.items():
                    if not (says_who_frames and name == "x-frame-options"):
                        headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _limits(self, scope: Scope) -> dict[str, str]:
        """Return OpenAI's headers on the limits of whoever calls."""
        headers = {}
        for what, allowance in self._left(scope.get("state", {}).get("caller")):
            headers[f"x-ratelimit-limit-{what}"] = str(allowance.limit)
            headers[f"x-ratelimit-remaining-{what}"] = str(allowance.remaining)
            headers[f"x-ratelimit-reset-{what}"] = render_span(allowance.reset_seconds)
        return headers

    def _anthropic(self, scope: Scope) -> dict[str, str]:
        """Return Anthropic's headers: the request's id, and the limits of whoever calls."""
        state = scope.get("state", {})
        headers = {"request-id": str(state.get("request_id", ""))}
        for what, allowance in self._left(state.get("caller")):
            begin, resets_at = f"anthropic-ratelimit-{what}", time.time() + allowance.reset_seconds
            headers[f"{begin}-limit"] = str(allowance.limit)
            headers[f"{begin}-remaining"] = str(allowance.remaining)
            headers[f"{begin}-reset"] = datetime.fromtimestamp(resets_at, UTC).isoformat(timespec="seconds")
        return headers

    def _left(self, caller: object) -> Iterator[tuple[str, Allowance]]:
        if not isinstance(caller, Caller):
            return
        for what in ("requests", "tokens"):
            allowance = self._gate.left(caller, what)
            if allowance is not None:
                yield what, allowance
