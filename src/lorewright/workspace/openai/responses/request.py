"""What a client asks of `/v1/responses`, read and checked."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ConfigDict, Field

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody

BUILT_IN, SERVER = "file_search", "mcp"
NEW_CONVERSATION = "auto"
"""What a client sends, or an object without an id, for a conversation that the response begins."""
LOGPROBS = "message.output_text.logprobs"
_REFUSED: Mapping[str, str] = {
    "context_management": "Send truncation 'auto', or compact the conversation: POST /v1/responses/compact.",
    "moderation": "Moderation is not supported. Omit moderation.",
}


class ResponseRequest(RequestBody):
    """A request for a response; parameters that only steer OpenAI's own machines are ignored."""

    model_config = ConfigDict(extra="allow")

    model: str = ""
    prompt: dict[str, Any] | None = None
    input: Any = ""
    instructions: str | None = None
    previous_response_id: str | None = None
    conversation: str | dict[str, Any] | None = None
    tools: list[Any] = Field([], max_length=128)
    tool_choice: Literal["none", "auto", "required"] | dict[str, Any] = "auto"
    parallel_tool_calls: bool | None = None
    max_tool_calls: int | None = Field(default=None, ge=1)
    text: dict[str, Any] | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_logprobs: int | None = Field(default=None, ge=0, le=20)
    max_output_tokens: int | None = Field(default=None, ge=16)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    truncation: Literal["auto", "disabled"] | None = None
    include: list[str] | None = None
    metadata: dict[str, Any] | None = None
    store: bool | None = None
    stream: bool | None = None
    background: bool | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    reasoning: dict[str, Any] | None = None

    @property
    def is_stored(self) -> bool:
        """Return whether the response is kept: unless its caller says no."""
        return self.store is not False

    @property
    def conversation_id(self) -> str:
        """Return the conversation that the response belongs to, '' for none."""
        given = self.conversation
        named = str(given.get("id") or "") if isinstance(given, dict) else given or ""
        return "" if named == NEW_CONVERSATION else named

    @property
    def makes_conversation(self) -> bool:
        """Return whether the response begins a conversation of its own."""
        return self.conversation is not None and not self.conversation_id

    def includes(self, what: str) -> bool:
        """Return whether the response is to hold something that it else leaves out."""
        return what in (self.include or ())


def check_request(request: ResponseRequest) -> None:
    """Raise `BadParameter` naming what cannot be done here, and what to do instead."""
    for name, way_out in _REFUSED.items():
        if getattr(request, name, None):
            raise BadParameter(name, way_out)
    if request.previous_response_id and request.conversation_id:
        raise BadParameter(
            "conversation",
            "Send either conversation or previous_response_id, not both.",
        )
    if request.previous_response_id and request.makes_conversation:
        raise BadParameter(
            "conversation", "A new conversation has nothing before it: leave previous_response_id out."
        )
    if request.background and not request.is_stored:
        raise BadParameter("background", "background requires store=true.")
    for place, tool in enumerate(request.tools):
        if not isinstance(tool, dict):
            raise BadParameter(f"tools[{place}]", f"tools[{place}] must be an object.")
        if tool.get("type") not in ("function", BUILT_IN, SERVER):
            raise BadParameter(
                f"tools[{place}].type",
                f"tools[{place}] has type {tool.get('type')!r}; file_search, function and mcp are supported.",
            )
        if tool["type"] == "function" and not isinstance(tool.get("name"), str):
            raise BadParameter(f"tools[{place}].name", f"tools[{place}].name is required.")
    format_of(request)


def format_of(request: ResponseRequest) -> dict[str, Any] | None:
    """Return the form that the text is to have, as a chat completion's, or `None` for any."""
    form = (request.text or {}).get("format") or {"type": "text"}
    kind = form.get("type") if isinstance(form, dict) else None
    if kind == "text":
        return None
    if kind == "json_object":
        return {"type": "json_object"}
    if kind == "json_schema" and isinstance(form.get("schema"), dict) and form.get("name"):
        return {"type": "json_schema", "json_schema": {name: form[name] for name in form if name != "type"}}
    raise BadParameter(
        "text.format", "text.format must be text, json_object, or json_schema with a name and a schema."
    )


def functions_of(request: ResponseRequest) -> list[dict[str, Any]]:
    """Return the functions that the model may call, as a chat completion's tools."""
    allowed = _allowed(request)
    return [
        {
            "type": "function",
            "function": {
                name: tool[name]
                for name in ("name", "description", "parameters", "strict")
                if tool.get(name) is not None
            },
        }
        for tool in request.tools
        if tool["type"] == "function" and (allowed is None or tool["name"] in allowed)
    ]


def function_choice(request: ResponseRequest) -> Any:
    """Return which function is to be called, as a chat completion's `tool_choice`."""
    choice = request.tool_choice
    if isinstance(choice, str):
        return choice
    if choice.get("type") == "function" and choice.get("name"):
        return {"type": "function", "function": {"name": choice["name"]}}
    if choice.get("type") == "allowed_tools":
        return choice.get("mode", "auto")
    if choice.get("type") == BUILT_IN:
        return "none"
    raise BadParameter(
        "tool_choice",
        "tool_choice must be auto, none, required, a function by name, file_search, mcp with its server in "
        "tools, or allowed_tools.",
    )


def searches(request: ResponseRequest) -> dict[str, Any] | None:
    """Return the `file_search` tool that is to be used, `None` for none."""
    file_searches = [tool for tool in request.tools if tool["type"] == BUILT_IN]
    if len(file_searches) > 1:
        raise BadParameter("tools", "Send one file_search tool; it can search several vector stores.")
    choice = request.tool_choice
    is_off = choice == "none" or (isinstance(choice, dict) and choice.get("type") in ("function", SERVER))
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        is_off = BUILT_IN not in _kinds(choice)
    return file_searches[0] if file_searches and not is_off else None


def _allowed(request: ResponseRequest) -> set[str] | None:
    """Return the names of the functions that may be called, `None` for all."""
    choice = request.tool_choice
    if not isinstance(choice, dict) or choice.get("type") != "allowed_tools":
        return None
    return {str(tool.get("name")) for tool in _tools_in(choice) if tool.get("type") == "function"}


def _kinds(choice: Mapping[str, Any]) -> set[str]:
    return {str(tool.get("type")) for tool in _tools_in(choice)}


def _tools_in(choice: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    tools = choice.get("tools")
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise BadParameter("tool_choice.tools", "tool_choice.tools must be a list of tools.")
    return tools
