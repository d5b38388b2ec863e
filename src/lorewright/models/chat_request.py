"""A chat completion as clients ask for it: what is wrong with it, and its turns as texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lorewright.errors import BadParameter

Turn = dict[str, Any]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
FORMS = ("text", "json_object", "json_schema")
MOST_LOGPROBS = 20
_TEXT_PARTS = frozenset({"text", "input_text", "output_text", "refusal"})


def check_chat(request: Mapping[str, Any]) -> None:
    """Raise `BadParameter`, which names the parameter, for a request that no engine can answer."""
    _check_turns(request.get("messages"))
    _check_form(request.get("response_format"))
    _check_tools(request.get("tools"))
    stop, bias = request.get("stop"), request.get("logit_bias")
    if not isinstance(stop, str | None) and not _is_list_of_texts(stop):
        raise BadParameter("stop", "stop must be a string or a list of strings.")
    if not isinstance(bias, Mapping | None):
        raise BadParameter("logit_bias", "logit_bias must be an object that maps tokens to numbers.")
    top = request.get("top_logprobs")
    if top is None:
        return
    if not isinstance(top, int) or not 0 <= top <= MOST_LOGPROBS:
        raise BadParameter(
            "top_logprobs", f"top_logprobs is {top!r}; it must be a number from 0 to {MOST_LOGPROBS}."
        )
    if not request.get("logprobs"):
        raise BadParameter("top_logprobs", "top_logprobs requires logprobs to be true.")


def text_turns(messages: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """Return the messages with their contents as texts; `developer` speaks as the system.

    Raises `BadParameter` for a part that is no text: the models of this machine read nothing else.
    """
    turns: list[Turn] = []
    for place, message in enumerate(messages):
        role = {"developer": "system", "function": "tool"}.get(message["role"], message["role"])
        content = _text_of(message.get("content"), f"messages.{place}.content")
        turns.append({**message, "role": role, "content": content})
    return turns


def _is_list_of_texts(given: Any) -> bool:
    return isinstance(given, Sequence) and all(isinstance(text, str) for text in given)


def _check_turns(messages: Any) -> None:
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        raise BadParameter("messages", "messages must be a list of at least one message.")
    for place, message in enumerate(messages):
        if not isinstance(message, Mapping):
            raise BadParameter(f"messages.{place}", f"messages.{place} must be an object with a role.")
        role, content = message.get("role"), message.get("content")
        if role not in ROLES:
            raise BadParameter(
                f"messages.{place}.role",
                f"messages.{place}.role is {role!r}; it must be one of: {', '.join(ROLES)}.",
            )
        if content is None and not (role == "assistant" and _has_more(message)):
            raise BadParameter(f"messages.{place}.content", f"messages.{place} has no content.")
        if not isinstance(content, str | list | None):
            raise BadParameter(
                f"messages.{place}.content",
                f"messages.{place}.content must be a string or a list of parts.",
            )
        for number, part in enumerate(content if isinstance(content, list) else ()):
            _check_part(part, f"messages.{place}.content.{number}")


def _check_part(part: Any, param: str) -> None:
    if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
        raise BadParameter(param, f"{param} must be an object with a type.")
    if part["type"] in _TEXT_PARTS:
        text_of_part(part, param)


def _has_more(message: Mapping[str, Any]) -> bool:
    """Return whether an assistant's message says something without content."""
    return any(message.get(name) for name in ("tool_calls", "function_call", "refusal", "audio"))


def _check_form(form: Any) -> None:
    if form is None:
        return
    kind = form.get("type") if isinstance(form, Mapping) else form
    if kind not in FORMS:
        raise BadParameter(
            "response_format.type", f"response_format.type is {kind!r}; it must be one of {', '.join(FORMS)}."
        )
    if kind == "json_schema":
        about = form.get("json_schema")
        if not isinstance(about, Mapping) or not isinstance(about.get("schema"), Mapping):
            raise BadParameter(
                "response_format.json_schema", "response_format.json_schema must be an object with a schema."
            )


def _check_tools(tools: Any) -> None:
    if tools is None:
        return
    if not isinstance(tools, Sequence) or isinstance(tools, str):
        raise BadParameter("tools", "tools must be a list of functions.")
    for place, tool in enumerate(tools):
        kind = tool.get("type") if isinstance(tool, Mapping) else None
        if kind != "function":
            raise BadParameter(
                f"tools[{place}].type", f"tools[{place}].type is {kind!r}; only 'function' is supported."
            )
        function = tool.get("function")
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            raise BadParameter(f"tools[{place}].function", f"tools[{place}].function must have a name.")
        if not isinstance(function.get("parameters"), Mapping | None):
            raise BadParameter(
                f"tools[{place}].function.parameters",
                f"tools[{place}].function.parameters must be a JSON Schema object.",
            )


def _text_of(content: Any, param: str) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(_part_texts(content, param))


def _part_texts(parts: Sequence[Any], param: str) -> Iterator[str]:
    for place, part in enumerate(parts):
        kind = part.get("type") if isinstance(part, Mapping) else part
        if kind not in _TEXT_PARTS:
            raise BadParameter(
                f"{param}.{place}.type", f"{param}.{place} has type {kind!r}; this model supports text only."
            )
        yield text_of_part(part, f"{param}.{place}")


def text_of_part(part: Mapping[str, Any], param: str) -> str:
    """Return the text of a part that is one; raise `BadParameter` where it is none."""
    name = "refusal" if part.get("type") == "refusal" else "text"
    text = part.get(name)
    if not isinstance(text, str):
        raise BadParameter(f"{param}.{name}", f"{param}.{name} must be a string.")
    return text
