"""Turning texts into vectors."""

from collections.abc import Callable, Sequence
from functools import cached_property
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


class OpenedLater:
    """An embedding model that is opened when it is first needed: a search by words never does."""

    def __init__(self, open_model: Callable[[], EmbeddingModel]) -> None:
        self._open_model = open_model

    @cached_property
    def _model(self) -> EmbeddingModel:
        return self._open_model()

    @property
    def name(self) -> str:
        """Identify the model and its precision."""
        return self._model.name

    @property
    def n_dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._model.n_dimensions

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text count."""
        return self._model.max_tokens

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one vector per text, in order: (texts, dimensions)."""
        return self._model.embed(texts)

    def embed_query(self, text: str) -> "NDArray[np.float32]":
        """Return the vector to search with: (dimensions,)."""
        return self._model.embed_query(text)

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of every token of `text`, uncut, without special tokens."""
        return self._model.token_offsets(text)
