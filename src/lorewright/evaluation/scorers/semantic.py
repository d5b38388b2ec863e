"""Means the same, as far as an embedding model can tell."""

from collections.abc import Mapping, Sequence

from lorewright.evaluation.question import Question
from lorewright.evaluation.yardstick import Yardstick
from lorewright.flows import Answer


def score(question: Question, answer: Answer, yardstick: Yardstick) -> Mapping[str, float]:
    """Return `semantic`: the cosine of answer and nearest target, 0 where they point apart."""
    if not question.targets or yardstick.embed is None:
        return {}
    return {"semantic": agreement(answer.text, question.targets, yardstick)}


def agreement(text: str, targets: Sequence[str], yardstick: Yardstick) -> float:
    """Return the best cosine over the targets; without an embedding model nothing agrees."""
    if yardstick.embed is None or not targets or not text.strip():
        return 0.0
    vectors = yardstick.embed([text, *targets])  # (1 + targets, dimensions)
    return min(1.0, max(0.0, float((vectors[1:] @ vectors[0]).max())))
