"""Holds a short target: a date, a version, a name."""

from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import is_in
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `contains`: 1 where a target occurs in the answer, in any date and number format."""
    if not question.targets:
        return {}
    return {"contains": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], _context: ScoringContext) -> float:
    """Return 1 where one of the targets occurs in the text, else 0."""
    return float(any(is_in(target, text) for target in targets))
