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


def languages_of(model: EmbeddingModel) -> tuple[str, ...]:
    """Return the languages that a model was made for, as `knowledge.language` names them; none for any."""
    languages: tuple[str, ...] = getattr(model, "languages", ())
    return languages


def closeness(cosine: float, model: EmbeddingModel) -> float:
    """Return a cosine as it would be if texts had 0 that have nothing in common, and 1 that say the same."""
    least, most = (float(getattr(model, *bound)) for bound in (("least_cosine", 0.0), ("most_cosine", 1.0)))
    return min(1.0, (cosine - least) / (most - least))


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
    def languages(self) -> tuple[str, ...]:
        """The languages that the model was made for; none for any."""
        return languages_of(self._model)

    @property
    def least_cosine(self) -> float:
        """About how close texts are that have nothing in common."""
        return float(getattr(self._model, "least_cosine", 0.0))

    @property
    def most_cosine(self) -> float:
        """About how close texts are that say the same."""
        return float(getattr(self._model, "most_cosine", 1.0))

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
