"""Why an answer is wrong, and what would fix it."""

from collections.abc import Mapping
from typing import Literal, get_args

from lorewright.evaluation.compared import is_in
from lorewright.evaluation.evidence import is_in_documents, is_retrieved
from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.fields import read_fields
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer

Failure = Literal[
    "stale",
    "not-refused",
    "not-in-documents",
    "not-retrieved",
    "over-refused",
    "wrong-form",
    "retrieved-but-ignored",
    "not-known",
]
FAILURES: tuple[Failure, ...] = get_args(Failure)

REMEDIES: Mapping[Failure, str] = {
    "stale": "The fact changed after this arm learned it: use an arm that retrieves, or tune again.",
    "not-refused": "The documents contain no answer, but the arm made one up: keep retrieval.grounding at "
    '"refuse", and add refusals to the examples.',
    "not-in-documents": "No document contains the answer: add one that does.",
    "not-retrieved": "The documents contain the answer, but retrieval did not find it: raise "
    "retrieval.n_kept, or use the words of the question in the document.",
    "over-refused": "The answer was available, but the arm refused: lower retrieval.min_cosine, or add "
    "answered examples of this kind.",
    "wrong-form": "The content is right, but the form is not: tune on examples of the form, or raise "
    "prompt.n_few_shot.",
    "retrieved-but-ignored": "The chunk with the answer was in the prompt, but the model did not use it "
    "(if it made something up, the answer was withheld): use the hybrid arm, which is trained "
    "to use chunks; more examples or a larger base model also help.",
    "not-known": "This arm has no documents and the model does not know the answer: use an arm "
    "that retrieves; if nothing has to be looked up, add examples or use a larger base model.",
}


def failure_of(
    question: Question, answer: Answer, scores: Mapping[str, float], context: ScoringContext
) -> Failure:
    """Return why a wrong answer is wrong; the first cause in the chain from document to text wins.

    `scores` are the answer's. A refusal is right when nothing was found, so what was not in the
    documents or not retrieved is that failure, whatever the arm said; only then does it count
    what the arm made of it.
    """
    if scores.get("staleness"):
        return "stale"
    if not question.answerable:
        return "not-refused"
    if scores.get("form") == 0.0 and _has_content(question, answer, context):
        return "wrong-form"
    if answer.provenance.index_version:
        if not is_retrieved(question, answer, context):
            return "not-retrieved" if is_in_documents(question, context) else "not-in-documents"
        # A refusal over claims that no chunk holds: the model made them up instead of reading.
        is_refused = scores.get("over_refusal") and not answer.unsupported
        return "over-refused" if is_refused else "retrieved-but-ignored"
    return "over-refused" if scores.get("over_refusal") else "not-known"


def _has_content(question: Question, answer: Answer, context: ScoringContext) -> bool:
    """Whether every field's value stands in the answer, though not in its place."""
    fields = [read_fields(target, context.settings.fields) for target in question.targets]
    return any(all(is_in(value, answer.text) for value in values.values() if value) for values in fields)
