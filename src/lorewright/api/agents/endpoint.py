"""`/mcp`: the Model Context Protocol over streamable HTTP, with the keys of the API."""

import asyncio
from typing import TYPE_CHECKING

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lorewright.access import Caller
from lorewright.api.http.caller import caller_of
from lorewright.errors import Unauthenticated
from lorewright.workspace.server.server import Server

if TYPE_CHECKING:  # half a second of imports that a server without MCP clients never needs
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_KEY = "lorewright.key"


class McpEndpoint:
    """An ASGI application that answers MCP messages; loaded and started by the first of them.

    Every message stands alone and carries its key: there is no session that could outlive one.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._starting = asyncio.Lock()
        self._over = asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message; raise `Unauthenticated` for one without a good key."""
        key = await anyio.to_thread.run_sync(caller_of, Request(scope))
        if scope["method"] != "POST":
            # The server tells clients nothing unasked: there is no stream to open, no session to end.
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        manager = await self._started()
        await manager.handle_request({**scope, _KEY: key}, receive, send)

    async def close(self) -> None:
        """End what is under way."""
        self._over.set()
        if self._running is not None:
            await self._running

    async def _started(self) -> "StreamableHTTPSessionManager":
        async with self._starting:
            if self._manager is None:
                manager = await anyio.to_thread.run_sync(self._build)
                ready = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, ready))
                await ready.wait()
                self._manager = manager
        return self._manager

    async def _run(self, manager: "StreamableHTTPSessionManager", ready: asyncio.Event) -> None:
        """Keep the manager's tasks in one task of ours, as it demands."""
        async with manager.run():
            ready.set()
            await self._over.wait()

    def _build(self) -> "StreamableHTTPSessionManager":
        from mcp.server.transport_security import TransportSecuritySettings

        from lorewright.api.agents.tools import build_mcp

        mcp_server = build_mcp(self._server, _key_of)
        mcp_server.streamable_http_app(
            stateless_http=True,
            max_request_body_size=int(self._server.workspace.settings.serve.max_body_mb * 1e6),
            # Who calls is known by then: without a key, host and origin were looked at for that.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        return mcp_server.session_manager


def _key_of(request: Request | None) -> Caller:
    """Return the key that the endpoint found with a request."""
    key = request.scope.get(_KEY) if request is not None else None
    if not isinstance(key, Caller):
        raise Unauthenticated("The message is not a request.", hint="Send it again.")
    return key
