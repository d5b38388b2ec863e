"""Turning texts into vectors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray


class EmbeddingModel(Protocol):
    """Turns texts into vectors of length one; similar texts point in similar directions."""

    @property
    def name(self) -> str:
        """Identify the model and its precision; stamped on every index built with it."""

    @property
    def n_dimensions(self) -> int:
        """How many numbers a vector has."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text count; what comes after them is not seen."""

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one vector per text, in order: (texts, dimensions)."""

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """Return the vector to search with: (dimensions,). Some models mark queries."""

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every token of `text`, uncut, without special tokens."""
