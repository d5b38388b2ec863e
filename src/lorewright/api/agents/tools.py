"""The domain over the Model Context Protocol: its tools, and its documents as resources."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import Resource, ToolAnnotations
from starlette.requests import Request

from lorewright import __version__
from lorewright.access import LOCAL, Caller
from lorewright.api.http.origins import address_of
from lorewright.errors import LorewrightError, NotAllowed, NotFound
from lorewright.workspace.agents.tools import DomainTools
from lorewright.workspace.documents.listing import document_ids, document_text
from lorewright.workspace.domain.origin import Origin, coming_from
from lorewright.workspace.server.server import Server

N_LISTED = 1000
"""How many documents are listed as resources; the others are found by search and read by name."""
DOCUMENTS = "lorewright://documents/"

KeyOf = Callable[[Request | None], Caller]
_REQUEST: ContextVar[Request | None] = ContextVar("request", default=None)


def build_mcp(server: Server, key_of: KeyOf, *, is_read_only: bool = False) -> MCPServer[Any]:
    """Return the MCP server of a domain; `key_of` says whose rights hold for a request."""

    def caller() -> Caller:
        return key_of(_REQUEST.get())

    tools = DomainTools(server, caller)
    mcp_server = _Server(
        server,
        caller,
        name="lorewright",
        version=__version__,
        log_level="WARNING",
        instructions=f"Answers from the documents of the domain {server.name!r}, with citations.",
    )
    mcp_server.middleware.append(_remember_request)
    for tool in tools.reading:
        _offer(mcp_server, tool, ToolAnnotations(read_only_hint=True))
    for tool in () if is_read_only else tools.changing:
        _offer(mcp_server, tool, ToolAnnotations(read_only_hint=False))
    return mcp_server


def serve_stdio(server: Server, *, is_read_only: bool = False) -> None:
    """Speak MCP on standard input and output until the input ends, with whoever started the process.

    The transport keeps the real standard output for itself: what anything else prints there, native
    libraries included, goes to standard error.
    """
    build_mcp(server, lambda _request: LOCAL, is_read_only=is_read_only).run("stdio")


class _Server(MCPServer[Any]):
    """An MCP server whose resources are the documents of a domain as they are now."""

    def __init__(self, server: Server, caller: Callable[[], Caller], **rest: Any) -> None:
        super().__init__(**rest)
        self._server = server
        self._caller = caller
        self.resource(f"{DOCUMENTS}{{+name}}", name="document", mime_type="text/plain")(self._read)

    async def list_resources(self) -> list[Resource]:
        """List the documents that were read, by name."""
        names = await anyio.to_thread.run_sync(self._names)
        return [
            Resource(uri=f"{DOCUMENTS}{quote(name)}", name=name, mime_type="text/plain") for name in names
        ]

    def _names(self) -> list[str]:
        caller = self._caller()
        return document_ids(self._server.workspace, caller, limit=N_LISTED) if caller.may("read") else []

    def _read(self, name: str) -> str:
        """Return the text of a document, as it was read from its file."""
        try:
            return document_text(self._server.workspace, self._caller(), name)
        except (NotFound, NotAllowed) as error:
            raise ResourceNotFoundError(f"No document found with name {name!r}.") from error


async def _remember_request(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Let tools know in whose request they are called."""
    token = _REQUEST.set(ctx.request)
    try:
        return await call_next(ctx)
    finally:
        _REQUEST.reset(token)


def _origin() -> Origin:
    """Return where a tool is called from: a request to `/mcp`, or whoever started this process."""
    request = _REQUEST.get()
    if request is None:
        return Origin(door="mcp")
    return Origin(
        door="mcp",
        address=address_of(request),
        request_id=str(request.scope.get("state", {}).get("request_id", "")),
    )


def _offer(mcp_server: MCPServer[Any], tool: Callable[..., Any], annotations: ToolAnnotations) -> None:
    """Register a tool; our own errors reach the model in words, bugs do not."""

    @wraps(tool)
    def call_tool(**arguments: Any) -> Any:
        try:
            with coming_from(_origin()):
                return tool(**arguments)
        except LorewrightError as error:
            raise ToolError(f"{error} {error.hint}".strip()) from error

    mcp_server.add_tool(call_tool, description=inspect.getdoc(tool), annotations=annotations)
