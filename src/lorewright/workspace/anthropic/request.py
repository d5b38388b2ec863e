"""What a client asks in the words of Anthropic's Messages API, read, checked, and said in OpenAI's."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ConfigDict, Field

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.workspace.anthropic.turns import turns_from
from lorewright.workspace.openai.chat_completions import ChatRequest
from lorewright.workspace.server.requests import read_request

_REFUSED: Mapping[str, str] = {
    "container": "Containers are not supported. Run code on your side and send its output as a tool_result.",
    "mcp_servers": "MCP servers are not supported here. Call them on your side and send tools.",
}
_CHOICES: Mapping[str, str] = {"auto": "auto", "any": "required", "none": "none"}


class Tool(RequestBody):
    """A function that the model may call; `type` names one of Anthropic's own where it is not custom."""

    model_config = ConfigDict(extra="allow")

    name: str = ""
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    type: str | None = None


class ToolChoice(RequestBody):
    """Which tool is to be called."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool = False


class CountRequest(RequestBody):
    """A request to count the tokens of what would be asked; what else is sent changes nothing here."""

    model_config = ConfigDict(extra="allow")

    model: str
    messages: list[dict[str, Any]] = Field(min_length=1)
    system: str | list[dict[str, Any]] | None = None
    tools: list[Tool] = Field(default=[])
    tool_choice: ToolChoice | None = None
    thinking: dict[str, Any] | None = None
    output_config: dict[str, Any] | None = None


class MessageRequest(CountRequest):
    """A request for a message."""

    max_tokens: int = Field(ge=1)
    stop_sequences: list[str] = Field(default=[])
    temperature: float | None = Field(default=None, ge=0, le=1)
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_k: int | None = Field(default=None, ge=0)
    metadata: dict[str, Any] | None = None
    stream: bool = False


def chat_request(request: CountRequest) -> ChatRequest:
    """Return the chat completion that is the same; raise `BadParameter` for what cannot be done here.

    Its stop sequences are left out: which of them was met is seen in the text only.
    """
    for name, way_out in _REFUSED.items():
        if getattr(request, name, None):
            raise BadParameter(name, way_out)
    if (request.thinking or {}).get("type") == "enabled":
        raise BadParameter("thinking", "Thinking is not supported. Omit it.")
    fields: dict[str, Any] = {
        "model": request.model,
        "messages": turns_from(request.system, request.messages),
        **_tools(request),
        **_form(request),
    }
    if isinstance(request, MessageRequest):
        user = (request.metadata or {}).get("user_id")
        fields |= {"max_tokens": request.max_tokens, "user": str(user) if user else None}
        fields |= {name: getattr(request, name) for name in ("temperature", "top_p", "top_k")}
    return read_request(ChatRequest, {name: value for name, value in fields.items() if value is not None})


def _tools(request: CountRequest) -> dict[str, Any]:
    tools = [_tool(tool, f"tools.{place}") for place, tool in enumerate(request.tools)]
    choice = request.tool_choice
    if not tools:
        return {}
    if choice is None:
        return {"tools": tools}
    if choice.type == "tool" and choice.name not in {tool.name for tool in request.tools}:
        raise BadParameter("tool_choice.name", f"{choice.name!r} is not one of the tools.")
    named = {"type": "function", "function": {"name": choice.name}}
    is_single = {"parallel_tool_calls": False} if choice.disable_parallel_tool_use else {}
    return {"tools": tools, "tool_choice": _CHOICES.get(choice.type, named), **is_single}


def _tool(tool: Tool, param: str) -> dict[str, Any]:
    if tool.type not in (None, "custom"):
        raise BadParameter(
            f"{param}.type",
            f"{tool.type} is run by Anthropic and not supported. Use your own tools (type custom).",
        )
    if not tool.name or tool.input_schema is None:
        raise BadParameter(param, f"{param} must have a name and an input_schema.")
    about = {"description": tool.description} if tool.description else {}
    return {
        "type": "function",
        "function": {"name": tool.name, **about, "parameters": tool.input_schema},
    }


def _form(request: CountRequest) -> dict[str, Any]:
    """Return the form that the text is to have."""
    form = (request.output_config or {}).get("format")
    if not form:
        return {}
    if not isinstance(form, dict) or form.get("type") != "json_schema" or "schema" not in form:
        raise BadParameter("output_config.format", "output_config.format must be json_schema with a schema.")
    schema = {"name": "answer", "schema": form["schema"], "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}
