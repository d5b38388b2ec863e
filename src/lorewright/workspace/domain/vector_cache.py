"""Vectors of texts that are asked for again and again: each text is embedded once."""

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

MOST = 20_000


class RememberedVectors:
    """Embeds as `embed` does; the vectors of the texts asked for last are kept, at most 20,000."""

    def __init__(self, embed: "Callable[[Sequence[str]], NDArray[np.float32]]") -> None:
        self._embed = embed
        self._known: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return the vector of every text: (texts, dimensions)."""
        import numpy as np

        with self._lock:
            vectors = {text: self._known.pop(text) for text in dict.fromkeys(texts) if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        if missing:
            vectors |= dict(zip(missing, self._embed(missing), strict=True))
        with self._lock:
            self._known |= vectors
            for text in list(self._known)[: max(0, len(self._known) - MOST)]:
                del self._known[text]
        return np.stack([vectors[text] for text in texts])
