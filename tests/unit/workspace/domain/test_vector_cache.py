"""Vectors of texts that are asked for again and again."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lorewright.workspace.domain.vector_cache import RememberedVectors


def test_each_text_is_embedded_once() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)

    remembered = RememberedVectors(embed)
    assert remembered(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert remembered(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert asked == ["a", "bb", "ccc"]
