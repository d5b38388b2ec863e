"""Shares stretches of characters with the target: fair to inflected words and to scripts without spaces."""

from collections import Counter
from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import SHORT_WORDS, ScoringContext
from lorewright.flows import Answer

LONGEST = 6
RECALL_WEIGHT = 2.0


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `chrf` for targets of free text (Popović 2015), 0 to 1."""
    if not any(len(words(target)) > SHORT_WORDS for target in question.targets):
        return {}
    return {"chrf": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], _context: ScoringContext) -> float:
    """Return the best F2 of the shares of character n-grams, 1 to 6, over the targets."""
    return max((chrf(text, target) for target in targets), default=0.0)


def chrf(text: str, target: str) -> float:
    """Return how far a text has the target's character n-grams; white space does not count."""
    given, wanted = "".join(text.split()), "".join(target.split())
    precisions, recalls = [], []
    for length in range(1, LONGEST + 1):
        ours, theirs = _grams(given, length), _grams(wanted, length)
        if not ours or not theirs:
            continue
        n_shared = (ours & theirs).total()
        precisions.append(n_shared / ours.total())
        recalls.append(n_shared / theirs.total())
    if not precisions:
        return float(given == wanted)
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    beta = RECALL_WEIGHT**2
    return (1 + beta) * precision * recall / (beta * precision + recall) if precision + recall else 0.0


def _grams(text: str, length: int) -> Counter[str]:
    return Counter(text[start : start + length] for start in range(len(text) - length + 1))
