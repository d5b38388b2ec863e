"""Retrieves what holds the answer."""

from collections.abc import Mapping

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, _context: ScoringContext) -> Mapping[str, float]:
    """Return `context_recall` and `context_precision` of the hits, where the documents are known.

    Recall is the share of the question's documents among the hits, precision the share of hits
    from them. An arm that does not retrieve has neither.
    """
    wanted = set(question.document_ids)
    if not wanted or not answer.provenance.index_version:
        return {}
    documents_by_hit = [set(hit.document_ids) for hit in answer.hits]
    n_right = sum(not wanted.isdisjoint(documents) for documents in documents_by_hit)
    return {
        "context_recall": len(wanted & set[str]().union(*documents_by_hit)) / len(wanted),
        "context_precision": n_right / len(documents_by_hit) if documents_by_hit else 0.0,
    }
