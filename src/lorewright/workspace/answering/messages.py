"""Message contents as clients send them, as texts."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from lorewright.errors import BadParameter
from lorewright.messages import Conversation, Message, Role
from lorewright.models.chat_request import text_of_part

_ROLES: Mapping[str, Role] = {
    "system": "system", "developer": "system", "user": "user", "assistant": "assistant",
}  # fmt: skip
_TEXT_PARTS = frozenset({"text", "input_text", "output_text", "refusal"})


def conversation_from(messages: Sequence[Mapping[str, Any]], *, param: str = "messages") -> Conversation:
    """Return messages in OpenAI's shape as a conversation of texts."""
    return tuple(
        Message(
            _role(message, f"{param}.{place}"), text_of(message.get("content"), f"{param}.{place}.content")
        )
        for place, message in enumerate(messages)
    )


def conversation_key(caller: str, user: str | None, messages: Sequence[Mapping[str, Any]]) -> str:
    """Identify a conversation of a caller: the same at each of its turns, without keeping its words."""
    first = next((message.get("content") for message in messages if message.get("role") == "user"), "")
    return sha256(repr((caller, user, first)).encode()).hexdigest()


def text_of(content: Any, param: str) -> str:
    """Return the text of a message's content: a string, or a list of text parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):
        return "".join(_part(part, f"{param}.{place}") for place, part in enumerate(content))
    raise BadParameter(param, f"{param} must be a string or a list of parts.")


def _part(part: Mapping[str, Any], param: str) -> str:
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in _TEXT_PARTS:
        raise BadParameter(param, f"{param} has type {kind!r}; this model supports text only.")
    return text_of_part(part, param)


def _role(message: Mapping[str, Any], param: str) -> Role:
    role = _ROLES.get(str(message.get("role")))
    if role is None:
        raise BadParameter(
            f"{param}.role",
            f"{param}.role is {message.get('role')!r}; it must be one of: {', '.join(_ROLES)}.",
        )
    return role
