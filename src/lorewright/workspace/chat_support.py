"""Why sentences of an answer are marked as unsupported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.knowledge.support import claims_within


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence of an answer that no source supports, and where it stands.

    `claims` are its numbers and names that stand in no passage that was found. Without any, no
    passage says at least half of it.
    """

    start: int
    end: int
    text: str
    claims: tuple[str, ...]


def unsupported_in(answer: Mapping[str, Any]) -> list[Unsupported]:
    """Return the marked sentences of a chat's answer, in its order."""
    text, claims = str(answer["text"]), answer.get("claims", ())
    return [
        Unsupported(start, end, text[start:end], claims_within(text[start:end], claims))
        for start, end in answer.get("unsupported", ())
    ]
