"""The first seconds of a server: requests wait for its application, and browsers see an outline meanwhile."""

import asyncio
from collections.abc import Callable

import anyio.to_thread
from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lorewright.api.domain_apps import cannot_open

Outline = Callable[[str], str | None]
"""Returns the page to show at a path while the server starts; `None` where there is none."""


class Starting:
    """Answers from the moment the server listens: the application is built beside that, in a thread.

    `build` returns the application. What it raises is kept in `failed`, and `give_up` is called.
    """

    def __init__(self, build: Callable[[], ASGIApp], *, outline: Outline) -> None:
        self._build, self._outline = build, outline
        self._app: ASGIApp | None = None
        self._is_decided = asyncio.Event()
        self.give_up: Callable[[], None] = lambda: None
        self.failed: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        if not self._is_decided.is_set():
            page = self._page(scope)
            if page is not None:
                response = HTMLResponse(page, headers={"cache-control": "no-store"})
                await response(scope, receive, send)
                return
            await self._is_decided.wait()
        await (self._app or cannot_open)(scope, receive, send)

    def _page(self, scope: Scope) -> str | None:
        is_page = scope["type"] == "http" and scope["method"] == "GET"
        if is_page and "text/html" in Headers(scope=scope).get("accept", ""):
            return self._outline(scope["path"])
        return None

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the server listen at once; the application's own life begins when it is built."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        beginning = asyncio.create_task(self._begin(scope))
        await receive()
        life = await beginning
        if life is not None:
            await life.end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _begin(self, scope: Scope) -> "_Life | None":
        try:
            app = await anyio.to_thread.run_sync(self._build)
            life = _Life(app, scope)
            await life.begin()
        except Exception as error:  # noqa: BLE001 - raised by whoever started the server
            self.failed = error
            self.give_up()
            return None
        else:
            self._app = app
            return life
        finally:
            self._is_decided.set()


class _Life:
    """The lifespan of an application that begins later than that of its server."""

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        self._running = asyncio.ensure_future(app(scope, self._told.get, self._said.put))

    async def begin(self) -> None:
        """Let the application begin."""
        await self._tell("lifespan.startup")

    async def end(self) -> None:
        """Let the application end."""
        await self._tell("lifespan.shutdown")
        await self._running

    async def _tell(self, what: str) -> None:
        await self._told.put({"type": what})
        said = await self._said.get()
        if said["type"] != f"{what}.complete":
            raise RuntimeError(said.get("message") or f"{what} failed")
