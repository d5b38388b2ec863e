"""Withholds what was right."""

from collections.abc import Mapping

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.abstention import is_refusal
from lorewright.evaluation.scorers.correctness import RIGHT_FROM, agreement
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.flows.evidence import evidence_of


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `right_withheld`: 1 where the arm refused although what it first wrote was right, else 0.

    Only right texts to answerable questions have it; a refusal before anything was written is none.
    """
    if not question.answerable:
        return {}
    is_withheld = is_refusal(answer, context.refusals)
    text = evidence_of(answer).bare_draft if is_withheld else answer.text
    if not text or agreement(text, question.targets, context) < RIGHT_FROM[context.primary]:
        return {}
    return {"right_withheld": float(is_withheld)}
