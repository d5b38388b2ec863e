"""Means the same, as far as an embedding model can tell."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import Embed, ScoringContext
from lorewright.flows import Answer

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `semantic`: the cosine of answer and nearest target, 0 where they point apart."""
    if not question.targets or context.embed is None:
        return {}
    return {"semantic": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], context: ScoringContext) -> float:
    """Return the best cosine over the targets; without an embedding model nothing agrees."""
    if context.embed is None or not targets or not text.strip():
        return 0.0
    vector = _vector(context.embed, text)
    nearest = max(float(vector @ _vector(context.embed, target)) for target in targets)
    return min(1.0, max(0.0, nearest))


@lru_cache(maxsize=4096)  # every arm is scored against the same targets, and many say the same
def _vector(embed: Embed, text: str) -> "NDArray[np.float32]":
    vector: NDArray[np.float32] = embed([text])[0]
    return vector
