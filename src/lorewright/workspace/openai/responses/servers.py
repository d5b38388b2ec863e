"""The `mcp` tool: the servers of tools that a response may use, and which calls need its caller's consent.

A caller names a server of the settings whose `responses` is on, by its name or its address; no other
address is ever called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import ConfigDict, Field

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.settings import ToolServer
from lorewright.tools.servers import ServerTools
from lorewright.workspace.openai.responses.items import Item
from lorewright.workspace.openai.responses.request import SERVER, ResponseRequest
from lorewright.workspace.server.requests import read_request
from lorewright.workspace.server.server import Server

_REFUSED: Mapping[str, str] = {
    "connector_id": "Connectors of OpenAI are not supported: name a server of this domain.",
    "tunnel_id": "Tunnels of OpenAI are not supported: name a server of this domain.",
    "headers": "Headers are not supported: send a token as authorization.",
    "defer_loading": "Every tool is shown to the model at once: omit defer_loading.",
}


class ToolNames(RequestBody):
    """Tools by their names."""

    model_config = ConfigDict(extra="forbid")

    tool_names: list[str]


class Approval(RequestBody):
    """Which tools need consent; one that is in neither list does."""

    model_config = ConfigDict(extra="forbid")

    always: ToolNames | None = None
    never: ToolNames | None = None


class McpTool(RequestBody):
    """A server of tools, which of them may be called, and which only with consent."""

    model_config = ConfigDict(extra="allow")

    type: Literal["mcp"]
    server_label: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    server_url: str = ""
    server_description: str = ""
    allowed_tools: list[str] | ToolNames | None = None
    require_approval: Literal["always", "never"] | Approval = "always"
    authorization: str = ""

    def needs_consent(self, tool: str) -> bool:
        """Return whether a call of a tool waits for the caller's consent."""
        wanted = self.require_approval
        if isinstance(wanted, str):
            return wanted == "always"
        is_free = wanted.never is not None and tool in wanted.never.tool_names
        return not is_free or (wanted.always is not None and tool in wanted.always.tool_names)


@dataclass(frozen=True, slots=True)
class CalledServer:
    """A server that a response may use, under the label that its caller gave it."""

    tool: McpTool
    tools: ServerTools

    @property
    def label(self) -> str:
        """What the caller calls it."""
        return self.tool.server_label


@dataclass(frozen=True, slots=True)
class Decision:
    """What the caller said to a call that needed their consent."""

    request: Item
    is_approved: bool
    reason: str = ""


def called_servers(server: Server, request: ResponseRequest) -> tuple[CalledServer, ...]:
    """Return the servers that a request names; raise `BadParameter` for one that callers may not use."""
    servers: list[CalledServer] = []
    for place, given in enumerate(request.tools):
        if given["type"] == SERVER:
            servers.append(_called(server.workspace.settings.tools, request, given, f"tools[{place}]"))
            if servers[-1].label in [one.label for one in servers[:-1]]:
                raise BadParameter(
                    f"tools[{place}].server_label",
                    f"Two servers have the label {servers[-1].label!r}: labels must differ.",
                )
    return tuple(servers)


def decisions_in(given: Sequence[Item], before: Sequence[Item], labels: Sequence[str]) -> list[Decision]:
    """Return what the caller decided now; what was called already is not called again.

    Raises `BadParameter` for a decision about nothing that was asked, or about a server that is not
    among the request's tools.
    """
    every = [*before, *given]
    asked = {item["id"]: item for item in every if item["type"] == "mcp_approval_request"}
    called = {item.get("approval_request_id") for item in every if item["type"] == "mcp_call"}
    decisions: list[Decision] = []
    for place, item in enumerate(given):
        if item["type"] != "mcp_approval_response" or item["approval_request_id"] in called:
            continue
        param, request = f"input[{place}]", asked.get(item["approval_request_id"])
        if request is None:
            raise BadParameter(
                f"{param}.approval_request_id",
                f"No approval request with id {item['approval_request_id']!r}: "
                "send previous_response_id, or the item itself.",
            )
        if request["server_label"] not in labels:
            raise BadParameter(
                "tools",
                f"The call needs the server {request['server_label']!r}: send its mcp tool again.",
            )
        decisions.append(Decision(request, item["approve"], str(item.get("reason") or "")))
        called.add(request["id"])
    return decisions


def _called(
    known: Mapping[str, ToolServer], request: ResponseRequest, given: Mapping[str, Any], param: str
) -> CalledServer:
    for name, way_out in _REFUSED.items():
        if given.get(name):
            raise BadParameter(f"{param}.{name}", way_out)
    tool = _read(given, param)
    about = _server_for(known, tool, param)
    if tool.authorization:
        _check_authorization(about, request, param)
    if tool.allowed_tools is not None:
        given_names = tool.allowed_tools
        wanted = given_names.tool_names if isinstance(given_names, ToolNames) else given_names
        about = replace(about, allowed=_both(about.allowed, wanted, param))
    keys = {tool.server_label: tool.authorization} if tool.authorization else {}
    return CalledServer(tool, ServerTools({tool.server_label: about}, keys=keys))


def _read(given: Mapping[str, Any], param: str) -> McpTool:
    try:
        return read_request(McpTool, given)
    except BadParameter as error:
        raise BadParameter(f"{param}.{error.param}", f"{param}: {error}") from error


def _server_for(known: Mapping[str, ToolServer], tool: McpTool, param: str) -> ToolServer:
    """Return the server of the settings that a caller means."""
    usable = {name: about for name, about in known.items() if about.responses}
    if tool.server_url:
        found = next((about for about in usable.values() if about.url == tool.server_url), None)
        name, said = "server_url", "This domain calls no server at this server_url"
    else:
        found, name = usable.get(tool.server_label), "server_label"
        said = f"This domain has no server {tool.server_label!r} for responses"
    if found is None:
        raise BadParameter(
            f"{param}.{name}",
            f"{said}. Available by server_label: {', '.join(usable) or 'none'}. An administrator can "
            "allow one in lorewright.toml: [tools.NAME] with its url and responses = true.",
        )
    return found


def _check_authorization(about: ToolServer, request: ResponseRequest, param: str) -> None:
    if not about.takes_secrets:
        raise BadParameter(
            f"{param}.authorization", "authorization is sent only to https:// URLs and to this machine."
        )
    if request.background:
        raise BadParameter(
            f"{param}.authorization",
            "A response in the background is kept with all it was asked with: omit authorization, "
            "or omit background.",
        )


def _both(allowed: Sequence[str], wanted: Sequence[str], param: str) -> tuple[str, ...]:
    """Return the tools that the settings allow and the caller wants."""
    both = tuple(name for name in wanted if not allowed or name in allowed)
    if not both:
        raise BadParameter(
            f"{param}.allowed_tools",
            f"None of allowed_tools may be called here. Allowed: {', '.join(allowed) or 'none'}.",
        )
    return both
