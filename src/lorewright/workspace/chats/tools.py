"""The tools of configured servers in a chat: offered to its model, called for it, and told of afterwards."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.errors import EngineError, UnknownName
from lorewright.models import Stopped
from lorewright.tools.servers import ServerTools
from lorewright.workspace.server.server import Server

MAX_ROUNDS = 5
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_BAD_JSON = "The arguments are not a JSON object."


class ChatTools:
    """The tools that are switched on in a chat; `log` tells of each call: what, with what, what came back.

    Whoever may build flows may call tools: a flow of theirs could.
    """

    def __init__(self, server: Server, caller: Caller, servers: Sequence[str]) -> None:
        caller.need("deploy")
        self._tools = ServerTools(server.workspace.settings.tools)
        self._by_name: dict[str, tuple[str, str]] = {}
        self.functions: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []
        for tool_server in servers:
            for tool in self._tools.listed(tool_server):
                name = _NOT_IN_NAMES.sub("_", f"{tool_server}__{tool.name}")[:64]
                self._by_name[name] = (tool_server, tool.name)
                about = {
                    "name": name,
                    "description": tool.description,
                    "parameters": dict(tool.schema) or {"type": "object", "properties": {}},
                }
                self.functions.append({"type": "function", "function": about})

    def ask(
        self,
        messages: Sequence[Mapping[str, Any]],
        reply: Callable[[list[dict[str, Any]]], tuple[str, Sequence[Mapping[str, Any]]]],
        stopped: Stopped,
    ) -> None:
        """Call `reply` until it calls no tool any more: it returns a text, and the calls that it made.

        Each time but the first it gets what its calls gave back; after `MAX_ROUNDS` it is not called again.
        """
        turns = [dict(message) for message in messages]
        for _ in range(MAX_ROUNDS):
            text, calls = reply(turns)
            if not calls or stopped():
                return
            turns.append({"role": "assistant", "content": text or None, "tool_calls": list(calls)})
            turns += [self._call(call, stopped) for call in calls]

    def _call(self, call: Mapping[str, Any], stopped: Stopped) -> dict[str, Any]:
        """Return what a tool says as a turn; where it fails, the model hears why."""
        function, started = call["function"], time.perf_counter()
        tool_server, tool = self._by_name.get(function["name"], ("", function["name"]))
        told: dict[str, Any] = {"server": tool_server, "tool": tool, "arguments": function["arguments"]}
        self.log.append(told)
        try:
            arguments = json.loads(function["arguments"] or "{}")
            if not isinstance(arguments, dict):
                raise ValueError(_BAD_JSON)
            told |= {"arguments": arguments}
            text = self._tools.call(tool_server, tool, arguments, stopped=stopped).text
            told["text"] = text
        except ValueError:
            text = told["error"] = _BAD_JSON
        except (EngineError, UnknownName) as error:
            text = told["error"] = str(error)
        told["ms"] = (time.perf_counter() - started) * 1000
        return {"role": "tool", "tool_call_id": call["id"], "content": text}
