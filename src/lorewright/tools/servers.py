"""The tools of servers that speak the Model Context Protocol over streamable HTTP."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.errors import Permanent, Transient, UnknownName
from lorewright.models import Stopped, never
from lorewright.settings import ToolServer
from lorewright.tools.tool import Result, Tool


class ServerTools:
    """The tools of the servers that the settings name; what speaks the protocol is loaded when used."""

    def __init__(self, servers: Mapping[str, ToolServer]) -> None:
        self._servers = dict(servers)

    def listed(self, server: str) -> Sequence[Tool]:
        """Return the tools of a server that flows may call."""
        from lorewright.tools.mcp import list_tools

        about = self._server(server)
        try:
            tools = list_tools(about)
        except (Transient, Permanent) as error:
            raise type(error)(f"The tool server {server!r} {error}", hint=error.hint) from error
        return [tool for tool in tools if not about.allowed or tool.name in about.allowed]

    def call(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, stopped: Stopped = never
    ) -> Result:
        """Return what a tool says."""
        from lorewright.tools.mcp import call_tool

        about, where = self._server(server), f"The tool {tool!r} of {server!r}"
        if about.allowed and tool not in about.allowed:
            raise UnknownName(
                f"{where} may not be called by flows.", hint=f"Flows may call: {', '.join(about.allowed)}."
            )
        try:
            said = call_tool(about, tool, arguments, stopped)
        except (Transient, Permanent) as error:
            raise type(error)(f"{where} {error}", hint=error.hint) from error
        if said.result is not None:
            return _within(said.result, about.max_characters, where)
        if tool not in said.names:
            known = ", ".join(said.names) or "none"
            raise UnknownName(f"The server {server!r} has no tool {tool!r}.", hint=f"It has: {known}.")
        reason = " ".join(said.failure.split())[:500] or "it did not say why."
        raise Permanent(f"{where} failed: {reason}", hint="Look at the arguments that the node gives it.")

    def _server(self, name: str) -> ToolServer:
        if name not in self._servers:
            raise UnknownName(
                f"There is no tool server {name!r}.",
                hint=f"There is: {', '.join(self._servers) or 'none'}. An administrator sets one up in "
                f"lorewright.toml, as [tools.{name or 'name'}].",
            )
        return self._servers[name]


def _within(result: Result, max_characters: int, where: str) -> Result:
    """Return a result that is not too long; the same thing said as text and as JSON counts once."""
    size = max(len(result.text), len(json.dumps(result.structured, ensure_ascii=False)))
    if size > max_characters:
        raise Permanent(
            f"{where} said {size:,} characters; {max_characters:,} are allowed.",
            hint="Ask it for less, or raise max_characters of its server in lorewright.toml.",
        )
    return result
