"""Words that are used like another one, by the trunk's own word vectors: mostly of one kind, not synonyms."""

import json
import random
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

_N_NEAREST = 40
_ENDINGS = ("ing", "ed", "ly", "tion", "ity", "er", "al", "ic", "s")


class LikeWords:
    """Draws a word of the same kind as another: "French" for "German", "founded" for "abolished"."""

    def __init__(self, folder: Path) -> None:
        weights = load_file(folder / "model.safetensors")
        key = next(key for key in weights if key.endswith("word_embeddings.weight"))
        vectors = weights[key].astype(np.float32)
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._places = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
        self._found: dict[str, list[str]] = {}

    @cached_property
    def _words(self) -> dict[int, str]:
        return {place: word for word, place in self._places.items() if word.isalpha() and len(word) > 2}

    def draw(self, word: str, avoided: str, draw: random.Random) -> str | None:
        """Return a word like `word` that does not occur in `avoided` and is not of the same stem."""
        found = [other for other in self._nearest(word.lower()) if other[:5] not in avoided.lower()]
        return draw.choice(found[:25]) if len(found) > 3 else None

    def _nearest(self, word: str) -> list[str]:
        if word in self._found:
            return self._found[word]
        near: list[str] = []
        place = self._places.get(word)
        if place in self._words:
            likeness = self._vectors @ self._vectors[place]
            for other in likeness.argpartition(-_N_NEAREST * 2)[-_N_NEAREST * 2 :]:
                said = self._words.get(int(other))
                if said and said[:4] != word[:4] and ending(said) == ending(word):
                    near.append(said)
            near.sort(key=lambda said: -float(likeness[self._places[said]]))
        self._found[word] = near[2:_N_NEAREST]  # the very nearest often mean the same
        return self._found[word]


def ending(word: str) -> str:
    """Return the ending that words of one kind share, such as "ing"."""
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
