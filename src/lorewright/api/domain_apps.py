"""One ASGI application for several domains: the first at `/`, each at `/d/NAME`, none in another's way."""

import asyncio
import logging
from collections.abc import Callable

import anyio.to_thread
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from lorewright.api.http.prefix import HEADER, plain_prefix
from lorewright.errors import LorewrightError
from lorewright.workspace.openai.errors import error_body
from lorewright.workspace.server.domains import ServedDomain, ServedDomains

BELOW = "/d/"
_CLOSED = 1011
"""How a web socket is told of an error in the server."""
_log = logging.getLogger("lorewright.domains")


class DomainApps:
    """Hands every request to the application of its domain, which is built when it is first asked for.

    `build` makes the application of a domain, and raises an error of ours where that cannot be opened:
    then this domain answers with 503, and the others go on.
    """

    def __init__(self, domains: ServedDomains, build: Callable[[ServedDomain], FastAPI]) -> None:
        """Build the application of the first domain that can be opened; raise the error of the first."""
        self._domains, self._build = domains, build
        self._building = asyncio.Lock()
        self._apps: dict[str, FastAPI] = {}
        alive = next((domain for domain in domains if domain.find()), domains.first)
        self.app = self._apps[alive.slug] = build(alive)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        slug, rest = _parts(scope["path"])
        domain = self._domains.find(slug) if slug else self._domains.first
        if domain is None:  # the first one knows how to say that there is no such address
            domain, slug = self._domains.first, ""
        try:
            app = await self._app_of(domain)
        except LorewrightError as error:
            _log.warning("cannot open the domain %s: %s", domain.name, error, exc_info=error.__cause__)
            await cannot_open(scope, receive, send)
            return
        await app(_below(scope, f"{BELOW}{slug}", rest) if slug else scope, receive, send)

    async def _app_of(self, domain: ServedDomain) -> FastAPI:
        if domain.slug not in self._apps:
            async with self._building:
                if domain.slug not in self._apps:
                    self._apps[domain.slug] = await anyio.to_thread.run_sync(self._build, domain)
        return self._apps[domain.slug]

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin and end with one application; the others are closed before the end is told."""

        async def ending(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):
                for app in self._apps.values():
                    if app is not self.app:
                        await app.state.close()
                for domain in self._domains:
                    if domain.slug not in self._apps:  # nobody asked it anything, but its jobs went on
                        domain.close()
            await send(message)

        await self.app(scope, receive, ending)


def _parts(path: str) -> tuple[str, str]:
    """Return the domain that a path names, '' for none, and the path inside it."""
    if not path.startswith(BELOW):
        return "", path
    slug, slash, rest = path[len(BELOW) :].partition("/")
    return slug, f"{slash}{rest}" or "/"


def _below(scope: Scope, address: str, rest: str) -> Scope:
    """Return a request as a proxy would pass it on that takes the domain's address away."""
    outer = plain_prefix(Headers(scope=scope).get(HEADER, ""))
    name = HEADER.encode()
    headers = [(key, value) for key, value in scope["headers"] if key != name]
    inside = {**scope, "path": rest, "headers": [*headers, (name, f"{outer}{address}".encode())]}
    raw = scope.get("raw_path")
    if raw is not None:
        inside["raw_path"] = raw.removeprefix(address.encode()) or b"/"
    return inside


async def cannot_open(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that the domain cannot be opened; why is for those who run the server."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _CLOSED})
        return
    told = "This domain cannot be opened at the moment. The server's log says why."
    response = JSONResponse(error_body(told, "server_error", code="domain_unavailable"), 503)
    await response(scope, receive, send)
