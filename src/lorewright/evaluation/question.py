"""One held-out question with its reference answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lorewright.messages import Conversation, last_user_turn


@dataclass(frozen=True, slots=True)
class Question:
    """One held-out question.

    `targets` are acceptable answers, the first the one to show; `stale_targets` are what was
    right before a fact changed. `document_ids` are the documents that hold the answer, where
    known. Without an answer in the documents `answerable` is false and a refusal is right.
    """

    id: str
    conversation: Conversation
    targets: tuple[str, ...]
    answerable: bool = True
    stale_targets: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return what the user said last."""
        return last_user_turn(self.conversation)


KEYS = ("tags", "tag", "kind", "category", "topic", "type")


def tags_of(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags in a question's metadata: texts and lists of texts under the usual names."""
    tags: dict[str, None] = {}
    for key in KEYS:
        value = metadata.get(key)
        for tag in value if isinstance(value, list | tuple) else (value,):
            if isinstance(tag, str | int) and str(tag).strip():
                tags[str(tag).strip()] = None
    return tuple(tags)
