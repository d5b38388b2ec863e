"""Vectors of texts that may be longer than their model reads at once."""

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from lorewright.models.embedding import EmbeddingModel

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

_MARKS = 2  # the tokens that begin and end a text in most models


@runtime_checkable
class ReadsTokens(Protocol):
    """An embedding model that can tell which text the ids of its tokens mean."""

    def text_of(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens; raises `ValueError` for an id that is none of the model's."""


def max_input_tokens(model: EmbeddingModel) -> int:
    """Return how many tokens of a text the model reads at once."""
    return model.max_tokens - _MARKS


def embed_whole(model: EmbeddingModel, texts: Sequence[str]) -> "tuple[NDArray[np.float32], int]":
    """Return one vector per text, (texts, dimensions), and how many tokens were read: all of them.

    The vector of a text that is longer than the model reads at once is the mean of those of its
    parts, each as heavy as it is long, of length one again.
    """
    import numpy as np

    cut = [parts_of(model, text) for text in texts]
    vectors = model.embed([part for parts in cut for part, _ in parts])
    rows, begun = [], 0
    for parts in cut:
        weights = np.array([n_tokens for _, n_tokens in parts], dtype=np.float32)
        row = weights @ vectors[begun : begun + len(parts)] if len(parts) > 1 else vectors[begun]
        rows.append(row / (np.linalg.norm(row) or 1.0) if len(parts) > 1 else row)
        begun += len(parts)
    return np.stack(rows).astype(np.float32), sum(n_tokens for parts in cut for _, n_tokens in parts)


def parts_of(model: EmbeddingModel, text: str) -> list[tuple[str, int]]:
    """Return a text in parts that the model reads at once, of about one length, each with its tokens."""
    offsets = model.token_offsets(text)
    n_parts = ceil(len(offsets) / max_input_tokens(model))
    if n_parts <= 1:
        return [(text, len(offsets))]
    bounds = [len(offsets) * number // n_parts for number in range(n_parts + 1)]
    starts = [offsets[bound][0] for bound in bounds[:-1]]
    ends = [*starts[1:], len(text)]
    return [
        (text[start:end], bounds[number + 1] - bounds[number])
        for number, (start, end) in enumerate(zip([0, *starts[1:]], ends, strict=True))
    ]
