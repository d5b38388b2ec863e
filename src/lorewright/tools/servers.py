"""The tools of the servers in the settings: those that speak the Model Context Protocol, and plug-ins."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.errors import Permanent, Transient, UnknownName
from lorewright.models import Stopped, never
from lorewright.settings import ToolServer
from lorewright.tools.plugins import call_plugin_tool, plugin_tools
from lorewright.tools.tool import Result, Tool


class ServerTools:
    """The tools of the servers that the settings name; what speaks the protocol is loaded when used.

    `keys` are those that a caller brings for a server, by its name, instead of the one in its settings.
    """

    def __init__(self, servers: Mapping[str, ToolServer], *, keys: Mapping[str, str] | None = None) -> None:
        self._servers = dict(servers)
        self._keys = dict(keys or {})

    def listed(self, server: str) -> Sequence[Tool]:
        """Return the tools of a server that may be called."""
        about, key = self._server(server), self._keys.get(server, "")
        try:
            tools = plugin_tools(about.plugins) if about.plugins else _tools_of(about, key)
        except (Transient, Permanent) as error:
            raise type(error)(f"The tool server {server!r} {error}", hint=error.hint) from error
        return [tool for tool in tools if not about.allowed or tool.name in about.allowed]

    def call(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, stopped: Stopped = never
    ) -> Result:
        """Return what a tool says."""
        about, where = self._server(server), f"The tool {tool!r} of {server!r}"
        if about.allowed and tool not in about.allowed:
            raise UnknownName(f"{where} is not allowed.", hint=f"Allowed: {', '.join(about.allowed)}.")
        if about.plugins and tool not in about.plugins:
            raise _no_tool(server, tool, about.plugins)
        try:
            if about.plugins:
                result = call_plugin_tool(tool, arguments)
            else:
                result = _called(about, server, tool, arguments, stopped, self._keys.get(server, ""))
        except (Transient, Permanent) as error:
            raise type(error)(f"{where} {error}", hint=error.hint) from error
        return _within(result, about.max_characters, where)

    def _server(self, name: str) -> ToolServer:
        if name not in self._servers:
            raise UnknownName(
                f"No tool server named {name!r}.",
                hint=f"Available: {', '.join(self._servers) or 'none'}. An administrator can add one to "
                f"lorewright.toml, as [tools.{name or 'name'}].",
            )
        return self._servers[name]


def _tools_of(server: ToolServer, key: str) -> list[Tool]:
    from lorewright.tools.mcp import list_tools

    return list_tools(server, key=key)


def _called(
    about: ToolServer, server: str, tool: str, arguments: Mapping[str, Any], stopped: Stopped, key: str
) -> Result:
    """Return what a tool of an MCP server says; the text of what is raised goes on after its name."""
    from lorewright.tools.mcp import call_tool

    reply = call_tool(about, tool, arguments, stopped, key=key)
    if reply.result is not None:
        return reply.result
    if tool not in reply.names:
        raise _no_tool(server, tool, reply.names)
    reason = " ".join(reply.failure.split())[:500] or "no reason given."
    raise Permanent(f"failed: {reason}", hint="Check the arguments of the node.")


def _no_tool(server: str, tool: str, names: Sequence[str]) -> UnknownName:
    return UnknownName(
        f"The server {server!r} has no tool {tool!r}.", hint=f"Available: {', '.join(names) or 'none'}."
    )


def _within(result: Result, max_characters: int, where: str) -> Result:
    """Return a result that is not too long; the same thing said as text and as JSON counts once."""
    size = max(len(result.text), len(json.dumps(result.structured, ensure_ascii=False)))
    if size > max_characters:
        raise Permanent(
            f"{where} returned {size:,} characters; the limit is {max_characters:,}.",
            hint="Request less data, or raise max_characters of its server in lorewright.toml.",
        )
    return result
