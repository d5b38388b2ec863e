"""Says the same as the target, as a chat model judges it."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer

PROMPT = """You compare an answer with a reference. Say RIGHT if the answer states what the reference
states, in whatever words, and contradicts nothing in it. Say WRONG if it leaves out or changes a fact, a
number, a date or a name.

Reference:
{reference}

Answer:
{answer}

Reply with one word, RIGHT or WRONG."""
_VERDICT = re.compile(r"\b(RIGHT|WRONG)\b", re.IGNORECASE)


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `judged`, where the settings name a model to judge: 1 where it finds the answer right."""
    if context.ask_judge is None or not question.targets:
        return {}
    return {"judged": agreement(answer.text, question.targets, context)}


def agreement(text: str, targets: Sequence[str], context: ScoringContext) -> float:
    """Return 1 where the model finds a text right by one of the targets, else 0."""
    ask = context.ask_judge
    if ask is None or not text.strip():
        return 0.0
    return float(any(is_right(ask, target, text) for target in targets))


@lru_cache(maxsize=4096)  # every judgement is an answer of a model
def is_right(ask: Callable[[str], str], reference: str, answer: str) -> bool:
    """Return what the model says; without a clear word the answer is wrong."""
    verdict = _VERDICT.search(ask(PROMPT.format(reference=reference, answer=answer)))
    return verdict is not None and verdict[1].upper() == "RIGHT"
