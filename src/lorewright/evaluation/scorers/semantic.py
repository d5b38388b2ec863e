"""Means the same, as far as an embedding model can tell."""

from collections.abc import Mapping, Sequence

from lorewright.evaluation.material import Material
from lorewright.evaluation.question import Question
from lorewright.flows import Answer


def score(question: Question, answer: Answer, material: Material) -> Mapping[str, float]:
    """Return `semantic`: the cosine of answer and nearest target, 0 where they point apart."""
    if not question.targets or material.embed is None:
        return {}
    return {"semantic": agreement(answer.text, question.targets, material)}


def agreement(text: str, targets: Sequence[str], material: Material) -> float:
    """Return the best cosine over the targets; without an embedding model nothing agrees."""
    if material.embed is None or not targets or not text.strip():
        return 0.0
    vectors = material.embed([text, *targets])  # (1 + targets, dimensions)
    return min(1.0, max(0.0, float((vectors[1:] @ vectors[0]).max())))
