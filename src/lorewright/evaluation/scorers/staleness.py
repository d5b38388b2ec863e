"""Says what was right before a fact changed."""

from collections.abc import Mapping

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.correctness import RIGHT_FROM, agreement
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `staleness`: 1 where the answer says what was right once and no longer is."""
    if not question.stale_targets:
        return {}
    return {"staleness": float(is_stale(answer.text, question, context))}


def is_stale(text: str, question: Question, context: ScoringContext) -> bool:
    """Whether a text agrees with a stale target, and more so than with any current one."""
    stale = agreement(text, question.stale_targets, context)
    current = agreement(text, question.targets, context)
    return stale >= RIGHT_FROM[context.primary] and stale > current
