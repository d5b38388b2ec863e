"""Tools that are plain functions: for tests, and for flows without a server."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lorewright.errors import Cancelled, UnknownName
from lorewright.models import Stopped, never
from lorewright.tools.tool import Result, Tool

Function = Callable[..., str | Result]


class GivenTools:
    """Holds functions by the names of server and tool; an error that one raises is the tool's."""

    def __init__(self, functions: Mapping[str, Mapping[str, Function]] | None = None) -> None:
        self._functions = dict(functions or {})

    def listed(self, server: str) -> Sequence[Tool]:
        """Return the functions of a server as tools."""
        return [Tool(name, (function.__doc__ or "").strip()) for name, function in self._of(server).items()]

    def call(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, stopped: Stopped = never
    ) -> Result:
        """Return what a function returns."""
        if stopped():
            raise Cancelled("Stopped.")
        functions = self._of(server)
        if tool not in functions:
            raise UnknownName(
                f"The server {server!r} has no tool {tool!r}.", hint=f"Available: {', '.join(functions)}."
            )
        reply = functions[tool](**arguments)
        return reply if isinstance(reply, Result) else Result(reply)

    def _of(self, server: str) -> Mapping[str, Function]:
        if server not in self._functions:
            raise UnknownName(
                f"No tool server named {server!r}.",
                hint=f"Available: {', '.join(self._functions) or 'none'}.",
            )
        return self._functions[server]
