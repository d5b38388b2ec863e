"""Which functions a message is after, for models that cannot tell."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lorewright.errors import LorewrightError
from lorewright.models.embedding import EmbeddingModel

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

Tool = Mapping[str, Any]

CALLED_FROM = 0.22
"""A message this like a function is one that the function helps with; measured in docs/experiments.md."""
_AS_GOOD = 0.1  # less like the message than the best one by more than this: not offered
_MOST_KNOWN = 500  # descriptions whose vectors are kept
_MAX_CHARACTERS = 1000  # of a message; an embedder reads no more
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class ToolRelevance:
    """Compares what was asked with what functions do, by the embedding model.

    A small model without tools in its template writes prose about the weather instead of asking for
    it: of 39 messages that a function of four answers, the default model called one for none.
    """

    def __init__(self, open_model: Callable[[], EmbeddingModel]) -> None:
        self._open_model = open_model
        self._model: EmbeddingModel | None = None
        self._known: dict[str, NDArray[np.float32]] = {}

    def wanted(self, question: str, tools: Sequence[Tool]) -> tuple[Tool, ...]:
        """Return the functions that `question` is after, the likeliest first; none where none helps.

        Without an embedding model on this machine, and with no way to fetch it, none is known to help.
        """
        likeness = self.likeness(question, tools)
        best = max(likeness, default=0.0)
        if best < CALLED_FROM:
            return ()
        least = max(CALLED_FROM, best - _AS_GOOD)
        ranked = sorted(zip(likeness, tools, strict=True), key=lambda pair: -pair[0])
        return tuple(tool for value, tool in ranked if value >= least)

    def likeness(self, question: str, tools: Sequence[Tool]) -> list[float]:
        """Return the cosine of `question` with the description of each function; empty without a model.

        Of a long question its last sentence counts as well, alone: that is where most people ask.
        """
        if not tools or not question.strip():
            return []
        try:
            self._model = self._model or self._open_model()
        except LorewrightError:
            return []
        question = question.strip()[-_MAX_CHARACTERS:]
        asked = self._model.embed(list(dict.fromkeys([question, _SENTENCE_END.split(question)[-1]])))
        described = self._vectors(self._model, [_description(tool["function"]) for tool in tools])
        return [float(max(asked @ vector)) for vector in described]

    def _vectors(self, model: EmbeddingModel, texts: Sequence[str]) -> "list[NDArray[np.float32]]":
        """Return the vectors of descriptions: a client sends the same ones with every turn."""
        known = {text: vector for text in texts if (vector := self._known.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, model.embed(new), strict=True)
            is_full = len(self._known) + len(new) > _MOST_KNOWN
            self._known = known if is_full else self._known | known  # other threads read what they have
        return [known[text] for text in texts]


def _description(function: Mapping[str, Any]) -> str:
    """Return what a function does in words: its name, its description and those of its parameters."""
    name = str(function["name"]).replace("_", " ").replace("-", " ")
    properties = (function.get("parameters") or {}).get("properties") or {}
    about = (value.get("description") for value in properties.values() if isinstance(value, Mapping))
    return ". ".join(str(text).strip(". ") for text in (name, function.get("description"), *about) if text)
