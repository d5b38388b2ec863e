"""Cites what holds the answer."""

from collections.abc import Mapping

from lorewright.evaluation.evidence import holds
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.abstention import is_refusal
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `citation_correctness`: the share of citations that point at the answer's documents.

    Where those are unknown, a citation is right when its quote holds the target. An arm that
    retrieves and answers without a citation gets 0; refusals and other arms have no such score.
    """
    retrieves = bool(answer.provenance.index_version)
    if not retrieves or not question.answerable or is_refusal(answer, context.refusals):
        return {}
    right = [
        citation.document_id in question.document_ids
        if question.document_ids
        else holds([citation.quote], question, context)
        for citation in answer.citations
    ]
    return {"citation_correctness": sum(right) / len(right) if right else 0.0}
