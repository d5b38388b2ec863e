"""Says what was right before a fact changed."""

from collections.abc import Mapping

from lorewright.evaluation.material import Material
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.correctness import RIGHT_FROM, agreement
from lorewright.flows import Answer


def score(question: Question, answer: Answer, material: Material) -> Mapping[str, float]:
    """Return `staleness`: 1 where the answer says what was right once and no longer is."""
    if not question.stale_targets:
        return {}
    return {"staleness": float(is_stale(answer.text, question, material))}


def is_stale(text: str, question: Question, material: Material) -> bool:
    """Whether a text agrees with a stale target, and more so than with any current one."""
    stale = agreement(text, question.stale_targets, material)
    current = agreement(text, question.targets, material)
    return stale >= RIGHT_FROM[material.primary] and stale > current
