"""What a model says when it may use servers of tools: it calls, hears what they say, and goes on."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lorewright.errors import BadParameter, Permanent, Transient, UnknownName
from lorewright.models import Stopped
from lorewright.tools import Tool
from lorewright.workspace.openai.responses.items import Item, message_from_call, messages_from, new_id
from lorewright.workspace.openai.responses.output import Event, Output
from lorewright.workspace.openai.responses.pending import PendingResponse
from lorewright.workspace.openai.responses.request import SERVER, ResponseRequest
from lorewright.workspace.openai.responses.servers import CalledServer, Decision
from lorewright.workspace.openai.responses.shape import total_usage

MOST_TURNS = 10
"""How often a model may call tools before it has to answer."""
_FUNCTION_NAME = re.compile(r"[^A-Za-z0-9_-]")
Turn = Callable[[PendingResponse], Iterator[Event]]
"""Asks the model once."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool of a server as the model sees it: a function under a name that no other one has."""

    name: str
    server: CalledServer
    tool: Tool

    def begun(self) -> Item:
        """Return the item that a call of it begins: the call, or the question whether it may be made."""
        kind = "mcp_approval_request" if self.server.tool.needs_consent(self.tool.name) else "mcp_call"
        return call_item(kind, self.server.label, self.tool.name)

    def as_function(self) -> dict[str, Any]:
        """Return it as a function of a response."""
        return {
            "type": "function", "name": self.name, "description": self.tool.description,
            "parameters": dict(self.tool.schema),
        }  # fmt: skip


def call_item(kind: str, label: str, name: str, arguments: str = "", *, approved: str = "") -> Item:
    """Return a call, or the question whether it may be made, before anything came of it."""
    item = {"id": new_id(kind), "type": kind, "server_label": label, "name": name, "arguments": arguments}
    if kind == "mcp_approval_request":
        return item
    return item | {
        "status": "in_progress", "approval_request_id": approved or None, "output": None, "error": None,
    }  # fmt: skip


def events_with_servers(
    pending: PendingResponse, output: Output, stopped: Stopped, turn: Turn
) -> Iterator[Event]:
    """Yield what a model says and calls, turn by turn, until it answers or the caller has to decide.

    The answer that is kept is the last one.
    """
    offered = yield from _listed(pending, output)
    keeping: list[Callable[[], None]] = []
    messages = list(pending.messages)
    for decision in pending.decisions:
        messages += yield from _decided(pending.servers, decision, output, stopped)
    n_calls, usage = 0, None
    for number in range(MOST_TURNS + 1):
        most = pending.request.max_tool_calls
        is_last = number == MOST_TURNS or (most is not None and n_calls >= most)
        request = _with_functions(pending.request, offered, is_first=number == 0, is_last=is_last)
        begun = len(output.items)
        output.begin_turn({one.name: one.begun for one in offered})
        asked = replace(pending, messages=list(messages), request=request, on_keep=keeping.append)
        yield from turn(asked)
        usage = output.usage = total_usage(usage, output.usage)
        if stopped() or output.cut_by:
            break
        yield from output.close()
        n_calls += len(output.calling)
        for place in output.calling:
            yield from _called(pending.servers, output, place, stopped)
        said = output.items[begun:]
        messages += messages_from(said)
        if is_last or not any(item["type"] == "mcp_call" for item in said) or _waits(said) or stopped():
            break
    for keep in keeping[-1:]:
        keep()


def _waits(said: Sequence[Item]) -> bool:
    """Return whether the caller has to do something before the model can go on."""
    return any(item["type"] in ("function_call", "mcp_approval_request") for item in said)


def _listed(pending: PendingResponse, output: Output) -> Any:
    """Yield the events of asking servers what they offer, and return it; known lists are not told again."""
    own = {str(tool["name"]) for tool in pending.request.tools if tool["type"] == "function"}
    offered: list[Offered] = []
    for server in pending.servers:
        is_told = server.label not in pending.listed
        place = (yield from output.list_tools(server.label)) if is_told else -1
        try:
            tools = server.tools.listed(server.label)
        except (Permanent, Transient) as error:
            if is_told:
                yield from output.tools_listed(place, [], error=str(error))
            raise
        if is_told:
            yield from output.tools_listed(place, tools)
        for tool in tools:
            name = _free_name(tool.name, server.label, own)
            own.add(name)
            offered.append(Offered(name, server, tool))
    return offered


def _free_name(name: str, label: str, taken: set[str]) -> str:
    """Return a name that a function may have and that is not taken."""
    plain = _FUNCTION_NAME.sub("_", name)[:64]
    if plain not in taken:
        return plain
    own = f"{label}_{plain}"[:60]
    return next(one for one in (own, *(f"{own}_{n}" for n in range(2, 200))) if one not in taken)


def _with_functions(
    request: ResponseRequest, offered: Sequence[Offered], *, is_first: bool, is_last: bool
) -> ResponseRequest:
    """Return a request with the tools of servers as functions; what must be called must be once."""
    tools = [tool for tool in request.tools if tool["type"] != SERVER]
    choice: Any = request.tool_choice
    kind = choice.get("type") if isinstance(choice, dict) else ""
    if kind == "allowed_tools" and isinstance(choice.get("tools"), list):
        offered = [one for one in offered if any(_is_meant(one, tool) for tool in choice["tools"])]
        others = [tool for tool in choice["tools"] if tool.get("type") != SERVER]
        functions = [{"type": "function", "name": one.name} for one in offered]
        choice = {**choice, "tools": [*others, *functions]} | ({} if is_first else {"mode": "auto"})
    elif kind == SERVER and is_first:
        offered = [one for one in offered if _is_meant(one, choice)]
        if not offered:
            raise BadParameter("tool_choice", "tool_choice names no tool of the servers in tools.")
        tools, choice = [], "required"
    elif not is_first and choice != "none":
        choice = "auto"
    update = {
        "tools": [*tools, *(one.as_function() for one in offered)],
        "tool_choice": "none" if is_last else choice,
    }
    return request.model_copy(update=update)


def _is_meant(one: Offered, given: Mapping[str, Any]) -> bool:
    """Return whether a choice means a tool of a server."""
    if given.get("type") != SERVER or given.get("server_label") != one.server.label:
        return False
    return not given.get("name") or given["name"] == one.tool.name


def _decided(servers: Sequence[CalledServer], decision: Decision, output: Output, stopped: Stopped) -> Any:
    """Yield the events of a call that was approved, and return the turns that tell the model of it."""
    asked = decision.request
    if not decision.is_approved:
        said = f"The user declined this call. {decision.reason}".strip()
        return message_from_call(asked, said)
    item = call_item(
        "mcp_call", asked["server_label"], asked["name"], asked["arguments"], approved=asked["id"]
    )
    place = yield from output.server_call(item)
    yield from output.close()
    yield from _called(servers, output, place, stopped)
    return messages_from([output.items[place]])


def _called(servers: Sequence[CalledServer], output: Output, place: int, stopped: Stopped) -> Iterator[Event]:
    """Make a call and yield the events of what came of it; what a server refuses is told to the model."""
    item = output.items[place]
    server = next(one for one in servers if one.label == item["server_label"])
    try:
        arguments = json.loads(item["arguments"] or "{}")
        if not isinstance(arguments, dict):
            raise ValueError(item["arguments"])
        result = server.tools.call(server.label, item["name"], arguments, stopped=stopped)
    except (Permanent, Transient, UnknownName) as error:
        yield from output.called(place, error=str(error))
    except ValueError:
        yield from output.called(place, error="The arguments are not a JSON object.")
    else:
        text = result.text or json.dumps(result.structured, ensure_ascii=False)
        yield from output.called(place, text=text)
