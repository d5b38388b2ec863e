"""Tools of Model Context Protocol servers and plug-ins as tools of agents, each with consent of its own."""

import logging
import re
from collections.abc import Callable

from lorewright.agents.tool import AgentTool
from lorewright.errors import EngineError, LorewrightError
from lorewright.tools import Tool
from lorewright.tools.servers import ServerTools
from lorewright.workspace.server.server import Server

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
MOST_DESCRIPTION = 600
OnMissing = Callable[[str, str], None]


def server_tools(server: Server, on_missing: OnMissing) -> list[AgentTool]:
    """Return the tools of every server in the settings; one that does not answer now has none.

    `on_missing` hears of that one, and why.

    Each waits for a person unless the settings say otherwise of this very tool: what a server says of
    its tools is not trusted.
    """
    settings = {**server.workspace.settings.tools, **server.workspace.settings.agent.programs}
    calling = ServerTools(settings)
    tools: list[AgentTool] = []
    for name, about in settings.items():
        try:
            listed = calling.listed(name)
        except (EngineError, LorewrightError) as error:
            logging.getLogger(__name__).warning("agents go without the tool server %s: %s", name, error)
            on_missing(name, str(error))
            continue
        tools += [_tool(calling, name, one, about.timeout_seconds) for one in listed]
    return tools


def _tool(calling: ServerTools, server: str, tool: Tool, seconds: float) -> AgentTool:
    def run(**arguments: object) -> str:
        return calling.call(server, tool.name, arguments).text

    schema = {"type": "object", "properties": {}, **dict(tool.schema)}
    return AgentTool(
        name=_NOT_IN_NAMES.sub("_", f"{server}__{tool.name}")[:64],
        description=tool.description[:MOST_DESCRIPTION],
        schema=schema,
        run=run,
        needs_approval=True,
        changing=True,
        is_source=True,
        timeout_seconds=seconds + 5.0,
    )
