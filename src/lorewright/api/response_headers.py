"""Headers that every response has: what browsers may do with it, and how much its caller may still ask."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.access import Key
from lorewright.access.gate import Gate
from lorewright.access.limits import render_span

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'none'",
}


class ResponseHeaders:
    """Adds them, unless the resource has set its own."""

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
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
                for name, value in {**SECURITY, **self._limits(scope)}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _limits(self, scope: Scope) -> dict[str, str]:
        """Return OpenAI's headers on the limits of whoever calls."""
        caller = scope.get("state", {}).get("caller")
        headers = {}
        for what in ("requests", "tokens") if isinstance(caller, Key) else ():
            allowance = self._gate.left(caller, what)
            if allowance is not None:
                headers[f"x-ratelimit-limit-{what}"] = str(allowance.limit)
                headers[f"x-ratelimit-remaining-{what}"] = str(allowance.remaining)
                headers[f"x-ratelimit-reset-{what}"] = render_span(allowance.reset_seconds)
        return headers
