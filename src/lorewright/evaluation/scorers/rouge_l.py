"""Shares the longest run of words with the target, gaps allowed."""

from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import SHORT_WORDS, ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `rouge_l` for targets of free text (Lin 2004): order counts, unlike in `token_f1`."""
    if not any(len(words(target)) > SHORT_WORDS for target in question.targets):
        return {}
    return {"rouge_l": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], _context: ScoringContext) -> float:
    """Return the best F1 of the longest common subsequence of words over the targets."""
    return max((_f1(words(text), words(target)) for target in targets), default=0.0)


def _f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    if not given or not wanted:
        return float(list(given) == list(wanted))
    return 2 * common_length(given, wanted) / (len(given) + len(wanted))


def common_length(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, one bit a word (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, word in enumerate(left):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(left)) - 1
    open_bits = every
    for word in right:
        matched = open_bits & places.get(word, 0)
        open_bits = ((open_bits + matched) | (open_bits - matched)) & every
    return len(left) - open_bits.bit_count()
