"""Shares words with the target."""

from collections import Counter
from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `token_f1`: how many words answer and target share (Rajpurkar et al. 2016)."""
    if not question.targets:
        return {}
    return {"token_f1": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], _context: ScoringContext) -> float:
    """Return the best harmonic mean of precision and recall of words over the targets."""
    answer_words = Counter(words(text))
    return max((_f1(answer_words, Counter(words(target))) for target in targets), default=0.0)


def _f1(answer_words: Counter[str], target_words: Counter[str]) -> float:
    if not answer_words or not target_words:
        return float(answer_words == target_words)
    return 2 * (answer_words & target_words).total() / (answer_words.total() + target_words.total())
