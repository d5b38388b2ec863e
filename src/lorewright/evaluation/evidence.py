"""What stands behind an answer: the documents, the hits, the question, the targets."""

from collections.abc import Iterable, Iterator, Sequence

from lorewright.evaluation.compared import is_in, words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.knowledge import unsupported, unsupported_together
from lorewright.knowledge.support import unborne
from lorewright.knowledge.verdict import can_judge, is_supported, judge_answer

SHORT_WORDS = 8
"""A target of at most so many words must be found whole; a longer one by its claims and words."""


def unsupported_claims(question: Question, answer: Answer, context: ScoringContext) -> tuple[str, ...]:
    """Return the numbers, dates, versions and names of an answer that nothing supports, else sentences.

    Support is what the question says, a target, a retrieved chunk, or one of the documents that
    hold the answer, as they read now: what was true once counts as unsupported. So does a number that
    none of them has beside the names of its sentence. Sentences are those
    that the judge finds unsupported in an answer that is so as a whole.
    """
    near = [*question.targets, *(hit.chunk.context for hit in answer.hits)]
    turns = list(_turns(question))
    missing = _missing_or_unborne(answer.text, near, turns, context)
    if not missing or not question.document_ids:
        return missing
    # whole documents are long to read: only for claims that nothing nearer supports
    return _missing_or_unborne(answer.text, [*near, *_gold_texts(question, context)], turns, context)


def _missing_or_unborne(
    text: str, texts: Sequence[str], turns: Sequence[str], context: ScoringContext
) -> tuple[str, ...]:
    missing = unsupported(text, [*texts, *turns], allowed=context.style_words)
    missing = missing or unsupported_together(text, texts, allowed=context.style_words)
    if missing or context.judge is None or not can_judge(text):
        return missing
    verdict = judge_answer(text, texts, context.judge, said=turns, style_words=context.style_words)
    if is_supported(verdict):
        return ()
    return tuple(text[start:end] for start, end in unborne(text, verdict)) or (text,)


def is_in_documents(question: Question, context: ScoringContext) -> bool:
    """Whether the documents hold the answer, as far as can be told.

    The question's own document ids are trusted: one of them must still be there. Without ids the
    index is searched for the target itself; without an index to search, the question is trusted.
    """
    if question.document_ids:
        return bool(_gold_texts(question, context))
    if context.search is None or not question.targets:
        return True
    hits = context.search(f"{question.text} {question.targets[0]}")
    return holds((hit.chunk.context for hit in hits), question, context)


def is_retrieved(question: Question, answer: Answer, context: ScoringContext) -> bool:
    """Whether the hits hold the answer.

    Where its documents are known, one of them must be among the hits, and the hits must hold
    every claim of the target that these documents hold: the right page with the wrong row is a miss.
    """
    texts = [hit.chunk.context for hit in answer.hits]
    if not question.document_ids:
        return holds(texts, question, context)
    if set(question.document_ids).isdisjoint(name for hit in answer.hits for name in hit.document_ids):
        return False
    gold = _gold_texts(question, context)
    return not question.targets or any(
        _missing(target, texts, question, context) <= _missing(target, gold, question, context)
        for target in question.targets
    )


def holds(texts: Iterable[str], question: Question, context: ScoringContext) -> bool:
    """Whether one of the texts holds what one of the question's targets says.

    A short target must occur in it. Of a longer one it must hold half of the words, and every
    number, date, version and name that the question did not bring itself.
    """
    return any(_holds(text, target, question, context) for text in texts for target in question.targets)


def _holds(text: str, target: str, question: Question, context: ScoringContext) -> bool:
    wanted = words(target)
    if len(wanted) <= SHORT_WORDS:
        return is_in(target, text)
    there = set(words(text))
    is_alike = sum(word in there for word in wanted) >= len(wanted) / 2
    return is_alike and not _missing(target, [text], question, context)


def _missing(target: str, texts: Sequence[str], question: Question, context: ScoringContext) -> set[str]:
    """Return the claims of a target that neither the texts nor the question hold."""
    return set(unsupported(target, [*texts, *_turns(question)], allowed=context.style_words))


def _turns(question: Question) -> Iterator[str]:
    return (turn.content for turn in question.conversation)


def _gold_texts(question: Question, context: ScoringContext) -> list[str]:
    """Return what the documents that hold the answer say now; those that are gone are left out."""
    texts = (context.document_text(document_id) for document_id in question.document_ids)
    return [text for text in texts if text is not None]
