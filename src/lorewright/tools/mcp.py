"""Conversations with servers of the Model Context Protocol, bounded in time and size.

The protocol's client is asynchronous only: each conversation has an event loop of its own, in the
thread that asks. Importing this module takes half a second: nothing imports it before it is needed.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import anyio
import httpx2
from mcp import MCPError
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from lorewright import __version__
from lorewright.errors import Cancelled, LorewrightError, Permanent, Transient
from lorewright.models import Stopped, never
from lorewright.settings import ToolServer, bare_environment, secret
from lorewright.tools.tool import Result, Tool

SECONDS_A_LOOK = 0.05
MOST_BYTES = 8_000_000
"""What is read of a server in one conversation, however little of it a flow may use."""
N_PAGES = 10

Value = TypeVar("Value")
Talk = Callable[[Client], Awaitable[Value]]


@dataclass(frozen=True, slots=True)
class ToolReply:
    """What a call brought: a result, or why it failed and which tools there are."""

    result: Result | None
    failure: str = ""
    names: tuple[str, ...] = ()


def list_tools(server: ToolServer, *, key: str = "") -> list[Tool]:
    """Return every tool of a server; `key` goes before the one in its settings.

    Raises `Transient` or `Permanent` where the server does not take part; their texts go on after
    its name.
    """
    return anyio.run(_Conversation(server, _tools, never, key).run)


def call_tool(
    server: ToolServer, tool: str, arguments: Mapping[str, Any], stopped: Stopped, *, key: str = ""
) -> ToolReply:
    """Return what a call brought; raises like `list_tools`, and `Cancelled` once `stopped()` is true."""

    async def talk(client: Client) -> ToolReply:
        try:
            reply = await client.call_tool(tool, dict(arguments))
            if not reply.is_error:
                return ToolReply(Result(_text(reply.content), reply.structured_content))
            failure = _text(reply.content)
        except MCPError as error:
            failure = str(error)
        return ToolReply(None, failure, tuple(one.name for one in await _tools(client)))

    return anyio.run(_Conversation(server, talk, stopped, key).run)


class _Conversation(Generic[Value]):
    """A connection from its beginning to its end, which may be early."""

    def __init__(self, server: ToolServer, talk: Talk[Value], stopped: Stopped, key: str) -> None:
        self._server = server
        self._talk = talk
        self._stopped = stopped
        self._key = key
        self._said: list[Value] = []
        self._end: LorewrightError | None = None
        self._status = 0
        self.n_bytes = 0

    async def run(self) -> Value:
        """Return what the conversation brings, or raise why it brings nothing."""
        failed: BaseException | None = None
        with anyio.move_on_after(self._server.timeout_seconds):
            try:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._watch, tasks.cancel_scope)
                    async with self._client() as client:
                        self._said.append(await self._talk(client))
                    tasks.cancel_scope.cancel()
            except Exception as error:  # noqa: BLE001 - a server can fail in any way; it is told below
                failed = _innermost(error)
        if isinstance(failed, LorewrightError):
            raise failed
        if self._said:
            return self._said[0]  # whatever happened while the connection was closed
        raise self._end or self._reason(failed)

    async def _watch(self, scope: anyio.CancelScope) -> None:
        """End the conversation when somebody wants it to, or when far too much is said."""
        while self._end is None:
            if self._stopped():
                self._end = Cancelled("Stopped while a tool was running.")
            elif self.n_bytes > MOST_BYTES:
                self._end = Permanent(f"returned more than {MOST_BYTES:,} bytes.", hint="Request less data.")
            else:
                await anyio.sleep(SECONDS_A_LOOK)
        scope.cancel()

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Client]:
        key = self._key or (secret(self._server.key_env) if self._server.key_env else "")
        info = Implementation(name="lorewright", version=__version__)
        if self._server.command:
            with Path(os.devnull).open("w") as nowhere:
                program = stdio_client(_program(self._server, key), errlog=nowhere)
                async with Client(program, client_info=info) as client:
                    yield client
            return
        async with (
            httpx2.AsyncClient(
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=self._server.timeout_seconds,
                event_hooks={"response": [self._hear]},
            ) as http,
            Client(
                streamable_http_client(self._server.url, http_client=http, max_sse_event_size=MOST_BYTES),
                client_info=info,
            ) as client,
        ):
            yield client

    async def _hear(self, response: httpx2.Response) -> None:
        self._status = response.status_code
        response.stream = _Counted(response.stream, self)

    def _reason(self, failed: BaseException | None) -> LorewrightError:
        """Return why a server said nothing."""
        if failed is None:
            return Transient(
                f"did not answer within {self._server.timeout_seconds:g} seconds.",
                hint="Try again, or raise timeout_seconds of this server.",
            )
        if self._status in (401, 403):
            return Permanent(
                f"rejected the key (status {self._status}).",
                hint="Check the environment variable named by its key_env.",
            )
        if self._status >= 500:
            return Transient(f"failed or is busy (status {self._status}).", hint="Try again later.")
        if self._status >= 400:
            return Permanent(f"is not an MCP server (status {self._status}).", hint="Check its url.")
        message = " ".join(str(failed).split())[:300] or type(failed).__name__
        return Transient(
            f"cannot be reached: {message.rstrip('.')}.",
            hint="Check that it is running and that its url is correct.",
        )


def _program(server: ToolServer, key: str) -> StdioServerParameters:
    """Return how a server's program is started: in an environment without any secret but its key."""
    command, *arguments = server.command
    environment = bare_environment() | ({server.key_env: key} if server.key_env and key else {})
    return StdioServerParameters(command=command, args=arguments, env=environment)


class _Counted(httpx2.AsyncByteStream):
    """A body whose bytes are counted; it ends where there are far too many."""

    def __init__(self, body: Any, heard: _Conversation[Any]) -> None:
        self._body = body
        self._heard = heard

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._heard.n_bytes += len(piece)
            if self._heard.n_bytes > MOST_BYTES:
                await anyio.sleep_forever()  # until who watches ends it
            yield piece

    async def aclose(self) -> None:
        """Close the body."""
        await self._body.aclose()


def _innermost(error: BaseException) -> BaseException:
    """Return what really happened: task groups wrap it, once a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _tools(client: Client) -> list[Tool]:
    """Return every tool of a server, page by page."""
    tools: list[Tool] = []
    cursor: str | None = None
    for _ in range(N_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += [Tool(one.name, (one.description or "").strip(), one.input_schema) for one in page.tools]
        cursor = page.next_cursor
        if cursor is None:
            break
    return tools


def _text(content: Sequence[Any]) -> str:
    """Return the text of what a tool said; pictures and sounds are left out."""
    texts = (
        getattr(block, "text", None) or getattr(getattr(block, "resource", None), "text", None)
        for block in content
    )
    return "\n\n".join(text.strip() for text in texts if text)
