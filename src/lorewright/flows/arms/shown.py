"""What of the documents a model tuned on them is shown: it must be asked as it was taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.knowledge.part_choice import SIGNS, PartChoice


@dataclass(frozen=True, slots=True)
class ShownChunks:
    """What a prompt holds of the chunks that were found.

    `parts` says which of their sentences and rows, `None` for whole chunks; of rows each cell has the name of
    its column. With `has_distances` dates tell how far they lie from the day that the question names.
    """

    parts: PartChoice | None = None
    has_distances: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        parts = {"weights": list(self.parts.weights), "n": self.parts.n} if self.parts else None
        return {"parts": parts, "has_distances": self.has_distances}


def shown_from_json(body: Mapping[str, Any]) -> ShownChunks:
    """Return it as it was kept; parts that were chosen by other signs than are known now are none."""
    parts = body.get("parts")
    is_known = parts is not None and len(parts["weights"]) == len(SIGNS)
    choice = PartChoice(tuple(parts["weights"]), parts["n"]) if parts and is_known else None
    return ShownChunks(choice, has_distances=bool(body.get("has_distances")))
