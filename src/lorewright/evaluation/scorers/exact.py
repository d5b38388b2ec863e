"""Says the same, word for word."""

import re
from collections.abc import Mapping, Sequence

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer

_COMPARING = re.compile(r"[<>!=]=|[<>=]")


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `exact`: 1 where the answer is a target but for case, punctuation and articles."""
    if not question.targets:
        return {}
    return {"exact": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], _context: ScoringContext) -> float:
    """Return 1 where the text is one of the targets (SQuAD's exact match), else 0.

    Unlike there, the signs that compare must be the same: in code they change what is said.
    """
    return float(any(_compared(text) == _compared(target) for target in targets))


def _compared(text: str) -> tuple[list[str], list[str]]:
    return words(text), _COMPARING.findall(text)
