"""A tool server as somebody else runs it: `python -m tests.integration.tools.desk`; prints its address."""

import socket
import time

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

KEY = "desk-key"
SERVER = MCPServer("desk", log_level="CRITICAL")


@SERVER.tool()
def find(query: str, n: int = 2) -> list[dict[str, str]]:
    """Find rules by their words."""
    rules = [
        {"title": "Leave", "text": f"28 days of leave ({query})."},
        {"title": "Hotel", "text": "120 euros."},
    ]
    return rules[:n]


@SERVER.tool()
def weather(place: str) -> str:
    """Say what the weather is."""
    return f"Rain in {place}."


@SERVER.tool()
def failing() -> str:
    """Fail."""
    raise ToolError("The moon is full.")


@SERVER.tool()
def slow() -> str:
    """Take ten seconds."""
    time.sleep(10)
    return "late"


@SERVER.tool()
def large(n: int) -> str:
    """Say a lot."""
    return "x" * n


class Guarded:
    """Lets in who brings the key."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and Request(scope).headers.get("authorization") != f"Bearer {KEY}":
            await JSONResponse({"error": "who are you?"}, 401)(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] != "/mcp":
            await Response(status_code=404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def main() -> None:
    """Serve until killed."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", flush=True)
    app = Guarded(SERVER.streamable_http_app())
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    main()
