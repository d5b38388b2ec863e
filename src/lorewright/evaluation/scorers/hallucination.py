"""Claims what nothing supports."""

from collections.abc import Mapping
from dataclasses import replace

from lorewright.evaluation.evidence import unsupported_claims
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.abstention import beside_refusal, is_refusal
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `hallucination_rate`: 1 where a number, date, version or name has no support, or the answer.

    So has every answer to a question that no document answers, whatever it claims. Of a refusal
    counts what it says besides refusing.
    """
    refused = is_refusal(answer, context.refusals)
    claimed = beside_refusal(question, answer, context.refusals) if refused else answer.text
    if refused and not claimed:
        return {"hallucination_rate": 0.0}
    is_made_up = not question.answerable and not refused
    claims = unsupported_claims(question, replace(answer, text=claimed), context)
    return {"hallucination_rate": float(is_made_up or bool(claims))}
