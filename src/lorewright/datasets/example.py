"""One input/output pair to learn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from lorewright.messages import Conversation, Message, last_user_turn


@dataclass(frozen=True, slots=True)
class Example:
    """One input/output pair to learn from.

    `prompt` is the conversation up to the turn to learn, its system message included where the
    file had one. `document_ids` are the documents the completion was written from, where known.
    `answerable` is false where the completion is a right refusal.
    """

    id: str
    prompt: Conversation
    completion: str
    document_ids: tuple[str, ...] = ()
    answerable: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Return what the user said last."""
        return last_user_turn(self.prompt)

    @property
    def turns(self) -> Conversation:
        """Return the prompt without its system message."""
        return tuple(turn for turn in self.prompt if turn.role != "system")

    @property
    def system(self) -> str:
        """Return the system message, or an empty text."""
        return next((turn.content for turn in self.prompt if turn.role == "system"), "")

    @property
    def identity(self) -> str:
        """Identify the example and what it says: its id may have been given to it by hand."""
        content_id = example_id(self.prompt, self.completion)
        return self.id if self.id == content_id else f"{self.id}\0{content_id}"


def example_id(prompt: Conversation, completion: str) -> str:
    """Return an id that depends on nothing but what the example says."""
    text = "\0".join(f"{turn.role}:{turn.content}" for turn in (*prompt, Message("assistant", completion)))
    return blake2b(text.encode(), digest_size=8).hexdigest()
