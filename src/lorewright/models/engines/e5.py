"""Sentence embeddings of multilingual-e5-small, in int8 on onnxruntime."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lorewright.models.engines.minilm import MiniLM

QUERY, PASSAGE = "query: ", "passage: "
"""What the model was trained to see before a question and before what may answer it (Wang et al. 2024)."""

LEAST_COSINE, MOST_COSINE = 0.76, 0.96
"""How close texts are that have nothing in common, and that say the same: the model was trained at a low
temperature. Between them a cosine means about what one of MiniLM's does between 0 and 1."""


class E5(MiniLM):
    """Embeds texts in a hundred languages; questions and what is searched are marked as such."""

    def __init__(self, folder: Path, *, name: str = "multilingual-e5-small-int8", n_threads: int = 0) -> None:
        super().__init__(folder, name=name, n_threads=n_threads)
        self.languages = ()
        self.least_cosine, self.most_cosine = LEAST_COSINE, MOST_COSINE

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector per text, in order: (texts, dimensions)."""
        return super().embed([PASSAGE + text for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector to search with: (dimensions,)."""
        return super().embed_query(QUERY + text)
