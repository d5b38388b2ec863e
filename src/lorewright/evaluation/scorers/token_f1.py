"""Shares words with the target."""

from collections import Counter
from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, yardstick: ScoringContext) -> Mapping[str, float]:
    """Return `token_f1`: how many words answer and target share (Rajpurkar et al. 2016)."""
    if not question.targets:
        return {}
    return {"token_f1": agreement(answer.text, question.targets, yardstick)}


def agreement(text: str, targets: Sequence[str], _yardstick: ScoringContext) -> float:
    """Return the best harmonic mean of precision and recall of words over the targets."""
    said = Counter(words(text))
    return max((_f1(said, Counter(words(target))) for target in targets), default=0.0)


def _f1(said: Counter[str], wanted: Counter[str]) -> float:
    if not said or not wanted:
        return float(said == wanted)
    return 2 * (said & wanted).total() / (said.total() + wanted.total())
