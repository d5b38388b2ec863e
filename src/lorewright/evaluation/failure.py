"""Why an answer is wrong, and what would fix it."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal, get_args

from lorewright.evaluation.compared import is_in, words
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
    "wrong-label",
    "no-such-label",
    "missing-content",
    "not-known",
]
FAILURES: tuple[Failure, ...] = get_args(Failure)

MOSTLY, COMPLETE = 0.8, 0.6
"""Share of an answer's words in the target, and of the target's words in the answer."""

REMEDIES: Mapping[Failure, str] = {
    "stale": "The fact changed after this arm learned it: use an arm that retrieves, or tune again.",
    "not-refused": "The documents contain no answer, but the arm made one up: keep retrieval.grounding at "
    '"refuse", and add refusals to the examples.',
    "not-in-documents": "No document contains the answer: add one that does.",
    "not-retrieved": "The documents contain the answer, but retrieval did not find it: raise "
    "retrieval.n_kept, or use the words of the question in the document.",
    "over-refused": "The answer was available, but the arm refused: lower retrieval.min_answerability, "
    "or add answered examples of this kind.",
    "wrong-form": "The content is right, but the form is not: tune on examples of the form, or raise "
    "prompt.n_few_shot.",
    "retrieved-but-ignored": "The chunk with the answer was in the prompt, but the model did not use it "
    "(if it made something up, the answer was withheld): use the hybrid arm, which is trained "
    "to use chunks; more examples or a larger base model also help.",
    "wrong-label": "The answer is a label, but another one: add examples of the labels that are confused, "
    "or merge labels that people confuse, too.",
    "no-such-label": "The answer is none of the labels: use an arm that was shown them or tuned on them.",
    "missing-content": "The answer says a part of what was wanted, and nothing else: raise "
    "prompt.max_answer_tokens, or add examples that are complete.",
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
    return _without_documents(question, answer, scores, context)


def _without_documents(
    question: Question, answer: Answer, scores: Mapping[str, float], context: ScoringContext
) -> Failure:
    """Return why an answer is wrong that nothing was looked up for."""
    if context.labels and any(target in context.labels for target in question.targets):
        plain = [words(label) for label in context.labels]
        return "wrong-label" if words(answer.text) in plain else "no-such-label"
    if scores.get("over_refusal"):
        return "over-refused"
    is_partial = context.search is None and any(_is_part(answer.text, text) for text in question.targets)
    return "missing-content" if is_partial else "not-known"


def _is_part(text: str, target: str) -> bool:
    """Whether nearly all that a text says is in the target, which says a good deal more."""
    given, wanted = Counter(words(text)), Counter(words(target))
    n_shared = (given & wanted).total()
    return n_shared >= MOSTLY * given.total() > 0 and n_shared < COMPLETE * wanted.total()


def _has_content(question: Question, answer: Answer, context: ScoringContext) -> bool:
    """Whether every field's value stands in the answer, though not in its place."""
    fields = [read_fields(target, context.settings.fields) for target in question.targets]
    return any(all(is_in(value, answer.text) for value in values.values() if value) for values in fields)
