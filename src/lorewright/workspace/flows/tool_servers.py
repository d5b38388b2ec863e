"""The tool servers of the settings: what they offer to flows, and which flows name what is not there."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from lorewright.access import Caller
from lorewright.errors import InvalidFlow, LorewrightError
from lorewright.flows import Flow
from lorewright.settings import ToolServer
from lorewright.tools import Tool
from lorewright.tools.servers import ServerTools
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

SECONDS_TO_LIST = 5.0
N_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool server by its name, with its tools; or with the reason why it does not list them."""

    id: str
    tools: tuple[Tool, ...] = ()
    error: str = ""


def offered_tools(server: Server, caller: Caller) -> list[Offered]:
    """Return every tool server that is set up, asked now what it offers; where they are is not told."""
    caller.need("deploy")
    servers = server.workspace.settings.tools
    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        return list(pool.map(_offered, servers, servers.values()))


def check_tools(workspace: Workspace, flow: Flow) -> None:
    """Raise `InvalidFlow` where a flow names a tool server that is not set up, or a tool it may not call."""
    servers = workspace.settings.tools
    for node in flow.nodes:
        if node.kind != "tool":
            continue
        tool_server, tool = str(node.params.get("server", "")), str(node.params.get("tool", ""))
        if tool_server not in servers:
            raise InvalidFlow(
                f"Node {node.id!r} uses the tool server {tool_server!r}, which is not configured.",
                hint=f"Available: {', '.join(servers) or 'none'}. An administrator can add one to "
                f"lorewright.toml, as [tools.{tool_server}].",
            )
        allowed: Sequence[str] = servers[tool_server].allowed
        if allowed and tool not in allowed:
            raise InvalidFlow(
                f"Node {node.id!r} calls {tool!r} of {tool_server!r}, which is not allowed in flows.",
                hint=f"Allowed: {', '.join(allowed)}.",
            )


def _offered(name: str, tool_server: ToolServer) -> Offered:
    patient = replace(tool_server, timeout_seconds=min(tool_server.timeout_seconds, SECONDS_TO_LIST))
    try:
        return Offered(name, tuple(ServerTools({name: patient}).listed(name)))
    except LorewrightError as error:
        return Offered(name, error=f"{error} {error.hint}".strip())
