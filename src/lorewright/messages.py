"""One turn of a conversation, the same in examples, prompts and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from lorewright.errors import InvalidExamples

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: who speaks, and what."""

    role: Role
    content: str

    def to_json(self) -> dict[str, str]:
        """Return the turn in OpenAI's chat format."""
        return {"role": self.role, "content": self.content}


Conversation = tuple[Message, ...]


def conversation_from_json(turns: Sequence[Mapping[str, Any]]) -> Conversation:
    """Return the turns given in OpenAI's chat format; raise `InvalidExamples` for any other."""
    return tuple(_message(turn) for turn in turns)


def last_user_turn(conversation: Sequence[Message]) -> str:
    """Return what the user said last, or an empty text."""
    return next((turn.content for turn in reversed(conversation) if turn.role == "user"), "")


def _message(turn: Mapping[str, Any]) -> Message:
    role, content = turn.get("role"), turn.get("content")
    if role not in get_args(Role) or not isinstance(content, str):
        raise InvalidExamples(
            f"A message has role {role!r} and content of type {type(content).__name__}.",
            hint=f"role is one of {', '.join(get_args(Role))}; content is a string.",
        )
    return Message(cast(Role, role), content)
