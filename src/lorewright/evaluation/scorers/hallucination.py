"""Claims what nothing supports."""

from collections.abc import Mapping

from lorewright.evaluation.evidence import unsupported_claims
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.abstention import is_refusal
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `hallucination_rate`: 1 where a number, date, version or name has no support, or the answer.

    So has every answer to a question that no document answers, whatever it claims.
    """
    is_made_up = not question.answerable and not is_refusal(answer, context.refusals)
    return {"hallucination_rate": float(is_made_up or bool(unsupported_claims(question, answer, context)))}
